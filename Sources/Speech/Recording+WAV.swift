extension Recording {
    private static let pcm: UInt16 = 1
    private static let extensible: UInt16 = 0xFFFE
    private static let rates = 16_000...48_000

    /// Reads a WAV file (RIFF, Microsoft and IBM 1991): PCM of 16 bits, one or two channels, 16 to 48 kHz.
    ///
    /// Two channels are mixed, higher rates brought down to 16 kHz. Telephone speech of 8 kHz is refused: it lacks the upper half of what
    /// the acoustic model listens to.
    /// - Parameter wav: At most `maximumBytes`.
    /// - Throws: `SpeechError`: `tooLarge`, `notRecording`, `unsupported`.
    /// - Complexity: O(bytes · 64) where the rate is changed.
    public init(wav bytes: [UInt8]) throws(SpeechError) {
        guard bytes.count <= Self.maximumBytes else {
            throw SpeechError(.tooLarge, "A recording may have \(Self.maximumBytes) bytes.")
        }
        guard bytes.count >= 12, bytes.starts(with: "RIFF".utf8), bytes[8..<12].elementsEqual("WAVE".utf8) else {
            throw SpeechError(.notRecording, "This is no WAV file: it does not begin with RIFF and WAVE.")
        }
        var format: Format?
        var place = 12
        while place + 8 <= bytes.count {
            let size = Int(Self.number(bytes[...], at: place + 4, bytes: 4))
            let start = place + 8
            if bytes[place..<place + 4].elementsEqual("data".utf8) {
                guard let format else {
                    throw SpeechError(.notRecording, "The WAV file has samples before it says of what kind they are.")
                }
                // A stream's writer may not have known the length: all there is counts then.
                let isOpen = size == 0xFFFF_FFFF || size == 0x7FFF_FFFF
                guard isOpen || size <= bytes.count - start else {
                    throw SpeechError(
                        .notRecording,
                        "The WAV file is cut short: \(size) bytes of samples are announced, \(bytes.count - start) are there."
                    )
                }
                self = try Self.samples(bytes[start..<(isOpen ? bytes.count : start + size)], format)
                return
            }
            guard size <= bytes.count - start else { break }
            if bytes[place..<place + 4].elementsEqual("fmt ".utf8) {
                format = try Format(bytes[start..<start + size])
            }
            // Chunks begin at even places.
            place = start + size + size % 2
        }
        throw SpeechError(.notRecording, "The WAV file holds no samples.")
    }

    private struct Format {
        let channels: Int
        let rate: Int

        init(_ chunk: ArraySlice<UInt8>) throws(SpeechError) {
            guard chunk.count >= 16 else { throw SpeechError(.notRecording, "The WAV file's format is cut short.") }
            let first = chunk.startIndex
            func number(_ offset: Int, _ size: Int) -> Int {
                Int(Recording.number(chunk, at: first + offset, bytes: size))
            }
            var kind = UInt16(number(0, 2))
            if kind == Recording.extensible, chunk.count >= 26 { kind = UInt16(number(24, 2)) }
            let bits = number(14, 2)
            guard kind == Recording.pcm, bits == 16 else {
                throw SpeechError(
                    .unsupported, "The WAV file is of kind \(kind) with \(bits) bits: send PCM (kind 1) of 16 bits.")
            }
            (channels, rate) = (number(2, 2), number(4, 4))
            guard channels == 1 || channels == 2 else {
                throw SpeechError(.unsupported, "The WAV file has \(channels) channels: send one or two.")
            }
            guard Recording.rates.contains(rate) else {
                throw SpeechError(
                    .unsupported, "The WAV file has \(rate) samples a second: send 16,000, or up to 48,000.")
            }
        }
    }

    private static func samples(_ data: ArraySlice<UInt8>, _ format: Format) throws(SpeechError) -> Recording {
        let frame = 2 * format.channels
        let count = data.count / frame
        guard count <= maximumSeconds * format.rate else {
            throw SpeechError(.tooLarge, "A recording may last \(maximumSeconds) seconds.")
        }
        func sample(_ place: Int) -> Int {
            Int(Int16(truncatingIfNeeded: number(data, at: data.startIndex + place, bytes: 2)))
        }
        let mono = (0..<count).map { index in
            let left = sample(index * frame)
            return Int16(format.channels == 1 ? left : (left + sample(index * frame + 2)) / 2)
        }
        return Recording(samples: format.rate == rate ? mono : Resampling.lowered(mono, from: format.rate, to: rate))
    }

    private static func number(_ bytes: ArraySlice<UInt8>, at place: Int, bytes count: Int) -> UInt32 {
        (0..<count).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
    }
}
