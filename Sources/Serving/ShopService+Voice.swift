public import Speech

/// What was heard, for a page to search with.
public struct VoiceAnswer: Sendable {
    public var generation: Int
    public var transcript: Transcript
}

extension ShopService {
    /// Understands a recording as a query, by the words of the shop's catalogue.
    ///
    /// The recording is neither kept nor counted, nor is what was heard, until somebody searches with it.
    /// - Parameter limit: How many alternatives at most.
    /// - Throws: `notFound` in a shop without a speech model, and where the acoustic model is not installed; `busy` if all decoders are
    ///   at work; `failed`.
    public func transcribe(_ recording: Recording, alternatives limit: Int) throws -> VoiceAnswer {
        let snapshot = try snapshot()
        guard let backend = snapshot.backends.speech else {
            throw ServingError(
                .notFound,
                "This shop is not searched by voice: run `souk index` where its language is spoken, and publish.")
        }
        do {
            return VoiceAnswer(
                generation: snapshot.generation, transcript: try backend.transcribe(recording, alternatives: limit))
        } catch let error as SpeechError {
            throw ServingError(Self.code(error.code), error.message, cause: error)
        }
    }

    private static func code(_ code: SpeechError.Code) -> ServingError.Code {
        switch code {
        case .notRecording, .unsupported, .tooLarge: .invalid
        case .missing: .notFound
        case .busy: .busy
        case .badModel, .failed: .failed
        }
    }
}
