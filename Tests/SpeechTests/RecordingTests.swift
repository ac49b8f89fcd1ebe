import Foundation
import Speech
import Testing

@Suite struct RecordingTests {
    /// A WAV file: header, then samples of all channels in turn.
    static func wav(
        _ samples: [Int16], rate: Int = 16_000, channels: Int = 1, bits: Int = 16, kind: Int = 1, announced: Int? = nil,
        before: [UInt8] = []
    ) -> [UInt8] {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let data = samples.flatMap { number(Int($0), 2) }
        let frame = channels * bits / 8
        let format =
            number(kind, 2) + number(channels, 2) + number(rate, 4) + number(rate * frame, 4) + number(frame, 2)
            + number(bits, 2)
        return Array("RIFF".utf8) + number(36 + data.count, 4) + Array("WAVE".utf8) + before + Array("fmt ".utf8)
            + number(16, 4)
            + format + Array("data".utf8) + number(announced ?? data.count, 4) + data
    }

    static func tone(_ hertz: Double, rate: Int, seconds: Double, amplitude: Double = 8000) -> [Int16] {
        (0..<Int(seconds * Double(rate))).map { Int16(amplitude * sin(2 * .pi * hertz * Double($0) / Double(rate))) }
    }

    private func code(_ bytes: [UInt8]) -> SpeechError.Code? {
        do throws(SpeechError) {
            _ = try Recording(wav: bytes)
            return nil
        } catch {
            #expect(!error.message.isEmpty)
            return error.code
        }
    }

    @Test func `samples of 16 kHz are taken as they are, after other chunks and of unknown length`() throws {
        let samples: [Int16] = [0, 1, -1, .max, .min]
        #expect(try Recording(wav: Self.wav(samples)).samples == samples)
        let note = Array("LIST".utf8) + [3, 0, 0, 0, 1, 2, 3, 0]
        #expect(try Recording(wav: Self.wav(samples, before: note)).samples == samples)
        #expect(try Recording(wav: Self.wav(samples, announced: 0xFFFF_FFFF)).samples == samples)
    }

    @Test func `two channels are mixed`() throws {
        #expect(try Recording(wav: Self.wav([100, 300, -2, -4], channels: 2)).samples == [200, -3])
    }

    @Test(arguments: [22_050, 44_100, 48_000]) func `higher rates come down and keep what 16 kHz can hold`(rate: Int)
        throws
    {
        let low = try Recording(wav: Self.wav(Self.tone(1000, rate: rate, seconds: 0.5), rate: rate))
        let wanted = Self.tone(1000, rate: 16_000, seconds: 0.5)
        #expect(abs(low.samples.count - wanted.count) <= 1)
        let middle = zip(low.samples, wanted).dropFirst(400).prefix(6000)
        #expect(middle.allSatisfy { abs(Int($0) - Int($1)) < 100 })
        guard rate > 24_000 else { return }
        // Above 8 kHz there is nothing that 16,000 samples could hold: it must not come back as another tone.
        let high = try Recording(wav: Self.wav(Self.tone(11_000, rate: rate, seconds: 0.5), rate: rate))
        #expect(high.samples.dropFirst(400).prefix(6000).allSatisfy { abs(Int($0)) < 160 })
    }

    @Test func `what is no recording, or one of another kind, is refused with a reason`() {
        let good = Self.wav([1, 2, 3, 4])
        #expect(code([]) == .notRecording)
        #expect(code(Array("OggS and more bytes than twelve".utf8)) == .notRecording)
        #expect(code(Array(good.prefix(40))) == .notRecording)
        #expect(code(Array(good.dropLast(2))) == .notRecording)
        #expect(code(Self.wav([1, 2], announced: 0x7000_0000)) == .notRecording)
        #expect(code(Self.wav([1], rate: 8000)) == .unsupported)
        #expect(code(Self.wav([1], rate: 96_000)) == .unsupported)
        #expect(code(Self.wav([1], rate: 0)) == .unsupported)
        #expect(code(Self.wav([1], channels: 0)) == .unsupported)
        #expect(code(Self.wav([1], channels: 6)) == .unsupported)
        #expect(code(Self.wav([1], bits: 8)) == .unsupported)
        #expect(code(Self.wav([1], bits: 32, kind: 3)) == .unsupported)
        // The samples come before their format.
        #expect(code(Array(good.prefix(12)) + Array("data".utf8) + [2, 0, 0, 0, 1, 1]) == .notRecording)
    }

    @Test func `a long recording and a large file are refused`() {
        #expect(code(Self.wav([Int16](repeating: 0, count: 15 * 16_000))) == nil)
        #expect(code(Self.wav([Int16](repeating: 0, count: 15 * 16_000 + 1))) == .tooLarge)
        #expect(code([UInt8](repeating: 0, count: Recording.maximumBytes + 1)) == .tooLarge)
    }

    @Test func `no samples, silence and a hum below the noise of a room are silent, a voice is not`() throws {
        #expect(try Recording(wav: Self.wav([])).isSilent)
        #expect(Recording(samples: [Int16](repeating: 0, count: 16_000)).isSilent)
        #expect(Recording(samples: Self.tone(100, rate: 16_000, seconds: 1, amplitude: 20)).isSilent)
        let click = [Int16](repeating: 0, count: 16_000) + Self.tone(300, rate: 16_000, seconds: 0.2, amplitude: 2000)
        #expect(!Recording(samples: click).isSilent)
    }
}
