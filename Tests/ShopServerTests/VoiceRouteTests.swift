import HTTP
import JSON
import Serving
import ShopServer
import Speech
import Storage
import Testing

@Suite struct VoiceRouteTests {
    private static let path = "/v1/shops/grocery/voice"

    /// A WAV file of one channel at 16 kHz.
    private static func wav(_ samples: [Int16]) -> [UInt8] {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let format = number(1, 2) + number(1, 2) + number(16_000, 4) + number(32_000, 4) + number(2, 2) + number(16, 2)
        return Array("RIFF".utf8) + number(36 + 2 * samples.count, 4) + Array("WAVEfmt ".utf8) + number(16, 4) + format
            + Array("data".utf8) + number(2 * samples.count, 4) + samples.flatMap { number(Int($0), 2) }
    }

    @Test func `a recording is understood, with other ways to understand it`() throws {
        let shop = try TestShop(speech: Parrot())
        let key = shop.key(.search)
        let sound = Self.wav([Int16](repeating: 900, count: 8000))
        let answer = try shop.ask("POST", Self.path + "?alternatives=1", key: key, bytes: sound, type: "audio/wav")
        #expect(answer.status == 200)
        #expect(answer.json["text"]?.stringValue == "white bread")
        #expect(answer.json["alternatives"]?.arrayValue?.map(\.stringValue) == ["wide bread"])
        #expect(answer.json["confidence"]?.doubleValue == 0.1235 && answer.json["seconds"]?.doubleValue == 0.5)
        let all = try shop.ask("POST", Self.path, key: key, bytes: sound, type: "audio/x-wav")
        #expect(all.json["alternatives"]?.arrayValue?.count == 2)
        let silence = try shop.ask("POST", Self.path, key: key, bytes: Self.wav([]), type: "audio/wav")
        #expect(silence.status == 200 && silence.json["text"]?.stringValue?.isEmpty == true)
        let page = try shop.ask("GET", "/storefront/config.json")
        #expect(page.json["listens"]?.boolValue == true)
    }

    @Test func `what is no recording, too long or of another kind is refused`() throws {
        let shop = try TestShop(speech: Parrot())
        let key = shop.key(.search)
        func status(_ bytes: [UInt8], _ type: String = "audio/wav", _ query: String = "") throws -> Int {
            let answer = try shop.ask("POST", Self.path + query, key: key, bytes: bytes, type: type)
            #expect(answer.json["detail"]?.stringValue?.isEmpty == false)
            return answer.status
        }
        let whole = Self.wav([Int16](repeating: 900, count: 8000))
        #expect(try status(whole, "audio/ogg") == 415 && status([]) == 400 && status(Array(whole.dropLast(9))) == 400)
        #expect(try status(Self.wav([Int16](repeating: 1, count: 15 * 16_000 + 1))) == 413)
        var rare = whole
        // 8 kHz.
        rare.replaceSubrange(24..<28, with: [0x40, 0x1F, 0, 0])
        #expect(try status(rare) == 415)
        #expect(try status(whole, "audio/wav", "?alternatives=11") == 400)
        #expect(try shop.ask("POST", Self.path, key: nil, bytes: whole, type: "audio/wav").status == 401)
        #expect(try shop.ask("POST", Self.path, key: key, bytes: Self.wav([1, 2, 3]), type: "audio/wav").status == 503)
    }

    @Test func `a shop without a speech model, and a server without its sounds, say what to do`() throws {
        let plain = try TestShop()
        let sound = Self.wav([Int16](repeating: 900, count: 800))
        let refused = try plain.ask("POST", Self.path, key: plain.key(.search), bytes: sound, type: "audio/wav")
        #expect(refused.status == 404 && refused.json["detail"]?.stringValue?.contains("souk index") == true)
        #expect(try plain.ask("GET", "/storefront/config.json").json["listens"]?.boolValue == false)
        let deaf = try TestShop(speech: Parrot(isUsable: false))
        let answer = try deaf.ask("POST", Self.path, key: deaf.key(.search), bytes: sound, type: "audio/wav")
        #expect(answer.status == 404)
        #expect(try deaf.ask("GET", "/storefront/config.json").json["listens"]?.boolValue == false)
    }
}

/// Hears the same in everything; three samples keep it busy.
private struct Parrot: SpeechBackend {
    var isUsable = true

    func transcribe(_ recording: Recording, alternatives limit: Int) throws -> Transcript {
        guard isUsable else { throw SpeechError(.missing, "There is no acoustic model.") }
        guard recording.samples.count != 3 else { throw SpeechError(.busy, "Try again in a second.") }
        guard !recording.isSilent else {
            return Transcript(text: "", alternatives: [], confidence: 0, seconds: recording.seconds)
        }
        return Transcript(
            text: "white bread", alternatives: Array(["wide bread", "white bred"].prefix(limit)), confidence: 0.123_45,
            seconds: recording.seconds)
    }
}
