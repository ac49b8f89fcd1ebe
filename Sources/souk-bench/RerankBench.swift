import Encoders
import JSON

/// Scores texts as answers to a query on this thread, with a cross-encoder's weights as they are and with 8-bit ones.
struct RerankBench {
    let folder: String
    let query: String
    let texts: [String]
    let rounds: Int

    func write(_ writer: inout JSONWriter) throws {
        writer.member("pairs", texts.count)
        let networks = [
            ("float" as StaticString, try CrossEncoder(folder: folder)),
            ("int8", try CrossEncoder(folder: folder, isRounded: true)),
        ]
        for (name, network) in networks {
            var scores = network.scores(query, texts)
            var times: [Double] = []
            for _ in 0..<rounds {
                let watch = Stopwatch()
                scores = network.scores(query, texts)
                times.append(watch.spent.wall * 1e3)
            }
            times.sort()
            writer.object(name) { object in
                object.member("median_ms", times[times.count / 2])
                object.member("highest", Double(scores.max() ?? 0))
            }
        }
    }
}
