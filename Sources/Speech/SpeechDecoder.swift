internal import CPocketSphinx

/// What was heard in a recording.
public struct Transcript: Sendable, Hashable {
    /// The words, one space between two; empty if nothing was heard.
    public var text: String
    /// Other ways to understand it, the likeliest first, without `text`.
    public var alternatives: [String]
    /// The chance of `text` among all that the decoder thought of, 0 to 1: its own opinion, which tends to be too high.
    public var confidence: Double
    /// How long the recording is.
    public var seconds: Double

    public init(text: String, alternatives: [String], confidence: Double, seconds: Double) {
        (self.text, self.alternatives, self.confidence, self.seconds) = (text, alternatives, confidence, seconds)
    }
}

/// PocketSphinx with one acoustic model, dictionary and language model. Used by one thread at a time.
///
/// The same recording always gives the same transcript: nothing is kept from one to the next.
@safe final class SpeechDecoder {
    /// How many paths are looked at for alternatives; many differ only in their pauses.
    private static let paths = 60
    private let handle: OpaquePointer

    /// - Parameters:
    ///   - acoustic: A folder with an acoustic model.
    ///   - dictionary: Words with their phones, a line each.
    ///   - language: A file with n-grams.
    ///   - weight: What the language model's logarithms are multiplied by.
    ///   - insertion: The chance of a further word, between 0 and 1.
    init(acoustic: String, dictionary: String, language: String, weight: Double, insertion: Double)
        throws(SpeechError)
    {
        let opened: OpaquePointer? = unsafe souk_speech_open(acoustic, dictionary, language, weight, insertion)
        guard let opened = unsafe opened else {
            throw SpeechError(
                .badModel, "PocketSphinx does not open \(dictionary) with \(acoustic): run `souk index` and publish.")
        }
        unsafe handle = opened
    }

    deinit { unsafe souk_speech_close(handle) }

    /// The words of a recording.
    ///
    /// - Parameter limit: How many alternatives at most.
    func transcribe(_ recording: Recording, alternatives limit: Int) throws(SpeechError) -> Transcript {
        var heard = Transcript(text: "", alternatives: [], confidence: 0, seconds: recording.seconds)
        guard !recording.isSilent else { return heard }
        guard unsafe souk_speech_decode(handle, recording.samples, recording.samples.count) == 0 else {
            throw SpeechError(.failed, "The recording could not be decoded.")
        }
        guard let words = unsafe souk_speech_words(handle) else { return heard }
        heard.text = unsafe String(cString: words)
        guard !heard.text.isEmpty else { return heard }
        heard.confidence = min(1, max(0, unsafe souk_speech_posterior(handle)))
        guard limit > 0, let further = unsafe souk_alternatives_open(handle) else { return heard }
        defer { unsafe souk_alternatives_close(further) }
        for _ in 0..<Self.paths where heard.alternatives.count < limit {
            guard let words = unsafe souk_alternatives_next(further) else { break }
            let text = unsafe String(cString: words)
            if !text.isEmpty, text != heard.text, !heard.alternatives.contains(text) { heard.alternatives.append(text) }
        }
        return heard
    }
}
