import Encoders
import JSON

/// Encodes texts one by one on this thread, with weights as they are and with 8-bit ones.
struct EncodeBench {
    let folder: String
    let texts: [String]
    let rounds: Int

    func write(_ writer: inout JSONWriter) throws {
        let encoders = [
            ("float" as StaticString, try SentenceEncoder(folder: folder)),
            ("int8", try SentenceEncoder(folder: folder, isRounded: true)),
        ]
        for (name, encoder) in encoders {
            writer.array(name) { array in for text in texts { write(text, encoder, &array) } }
        }
    }

    /// The median time of a text and its vector.
    private func write(_ text: String, _ encoder: SentenceEncoder, _ writer: inout JSONWriter) {
        var vector = encoder.encode([text])
        var times: [Double] = []
        for _ in 0..<rounds {
            let watch = Stopwatch()
            vector = encoder.encode([text])
            times.append(watch.spent.wall * 1e6)
        }
        times.sort()
        writer.object { object in
            object.member("microseconds", times[times.count / 2])
            object.array("vector") { array in for value in vector { array.value(Double(value)) } }
        }
    }
}
