import CommandInterface
import JSON
import Serving
import Speech
import Storage

/// `souk transcribe`: what a shop hears in recordings.
enum TranscribeCommand: Command {
    static let name = "transcribe"
    static let summary = "Turn a spoken query into words."
    static let positional = ["FILE.wav"]
    static let maximumPositional = 1000
    static let options: [Option] = [
        .shop, .value("alternatives", "N", "How many other ways to understand it, 0 to 10; 3 if left out."),
        .flag("json", "Print JSON, a line each."),
    ]
    static let discussion = """
        Files are WAV: PCM of 16 bits, one or two channels, 16 to 48 kHz, at most 15 seconds. Nothing leaves this machine.
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        guard !arguments.positional.isEmpty else { throw UsageError("FILE.wav is missing.") }
        let limit = try arguments.integer("alternatives", in: 0...10) ?? 3
        try PublishedShop.ask(arguments) { service in
            for path in arguments.positional {
                let recording = try Recording(wav: FileSystem.read(path, maximumBytes: Recording.maximumBytes))
                let heard = try service.transcribe(recording, alternatives: limit).transcript
                console.print(arguments.has("json") ? json(heard, path) : table(heard))
            }
        }
    }

    private static func table(_ heard: Transcript) -> String {
        guard !heard.text.isEmpty else { return "Nothing was heard." }
        return ([heard.text] + heard.alternatives.map { "  or: \($0)" }).joined(separator: "\n")
    }

    private static func json(_ heard: Transcript, _ path: String) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("file", path)
            writer.member("text", heard.text)
            writer.member("confidence", heard.confidence)
            writer.member("alternatives", heard.alternatives)
            writer.member("seconds", heard.seconds)
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
