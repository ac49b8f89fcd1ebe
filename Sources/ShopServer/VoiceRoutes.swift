import HTTP
import JSON
import Serving
import Speech
import Storage

/// Queries that are spoken.
enum VoiceRoutes {
    static let routes: [Route] = [
        Route("POST", "/v1/shops/{shop}/voice", .key(SearchRoutes.everyScope, .viewer), listen)
    ]

    private static let types: Set<String> = ["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"]

    private static func listen(_ call: Call) throws -> HTTPResponse {
        let start = ContinuousClock.now
        let service = try call.service()
        guard types.contains(call.request.mediaType) else {
            throw Problem(415, "Unsupported media type", "Send the recording as audio/wav.")
        }
        let limit = try call.integer("alternatives", default: 3, in: 0...10)
        let answer = try service.transcribe(Recording(wav: call.request.body), alternatives: limit)
        return Call.respond { writer in
            writer.voiceMembers(answer)
            writer.took(since: start)
        }
    }
}

extension JSONWriter {
    /// What was heard: `text` is empty if nothing was.
    mutating func voiceMembers(_ answer: VoiceAnswer) {
        let transcript = answer.transcript
        member("text", transcript.text)
        member("confidence", (transcript.confidence * 10_000).rounded() / 10_000)
        member("alternatives", transcript.alternatives)
        member("seconds", (transcript.seconds * 1000).rounded() / 1000)
        member("generation", answer.generation)
    }
}
