import Dispatch
import Foundation
import Storage
import Synchronization

/// Where an acoustic model and a pronouncing dictionary lie: PocketSphinx' of American English, of Debian's `pocketsphinx-en-us`.
public struct AcousticModel: Sendable, Hashable {
    public let folder: String

    public init(folder: String) { self.folder = folder }

    /// The folder that `SOUK_SPEECH` names, or else where Debian's package lies.
    public static var installed: AcousticModel {
        AcousticModel(
            folder: ProcessInfo.processInfo.environment["SOUK_SPEECH"] ?? "/usr/share/pocketsphinx/model/en-us")
    }

    /// The primary tag of the language that it understands.
    public static let language = "en"

    var sounds: String { folder + "/en-us" }
    var dictionary: String { folder + "/cmudict-en-us.dict" }

    /// Whether the files are there.
    public var isInstalled: Bool { FileSystem.exists(sounds + "/mdef") && FileSystem.exists(dictionary) }
}

/// A shop's speech model in service: it opens decoders when they are needed, and keeps them.
///
/// Each decoder serves one recording at a time; a call waits for one, but not for long.
public final class SpeechModel: Sendable {
    public static let kind = "speech"
    static let format = 1
    static let languageFile = "words.lm"
    static let dictionaryFile = "words.dict"
    /// How long a call waits for a decoder before it is told to try later.
    private static let patience: DispatchTimeInterval = .seconds(5)
    /// So many calls may wait for each decoder; they hold the server's threads.
    private static let queue = 4

    private let artefact: Artefact
    private let acoustic: AcousticModel
    private let weight: Double
    private let insertion: Double
    private let free: DispatchSemaphore
    private let limit: Int
    private let calls = Atomic<Int>(0)
    private let decoders = Mutex<[Idle]>([])

    /// A decoder that nobody uses.
    ///
    /// Sendable invariant: it is in the list of one model or with the one call that took it out, never both.
    private struct Idle: @unchecked Sendable { let decoder: SpeechDecoder }

    /// Opens a model's folder; no decoder is made before it is asked for.
    ///
    /// - Parameter limit: How many decoders there may be: a few megabytes each.
    public init(folder: String, acoustic: AcousticModel = .installed, limit: Int = 2) throws {
        artefact = try Artefact.open(folder: folder, kind: Self.kind, formatVersion: Self.format)
        self.acoustic = acoustic
        (weight, insertion) = (
            artefact.manifest.metrics["weight"] ?? 9, artefact.manifest.metrics["insertion"] ?? 0.65
        )
        self.limit = max(1, limit)
        free = DispatchSemaphore(value: self.limit)
    }

    /// Whether the acoustic model is installed where this program runs.
    public var isUsable: Bool { acoustic.isInstalled }

    /// The words of a recording.
    ///
    /// Nothing of the recording is kept. The same recording always gives the same transcript.
    /// - Parameter limit: How many alternatives at most.
    /// - Throws: `SpeechError`: `missing` without an acoustic model, `busy` if all decoders stay at work, `badModel`, `failed`.
    public func transcribe(_ recording: Recording, alternatives limit: Int) throws -> Transcript {
        guard isUsable else {
            throw SpeechError(
                .missing,
                "This server has no acoustic model in \(acoustic.folder): install Debian's `pocketsphinx-en-us`.")
        }
        let (before, _) = calls.add(1, ordering: .relaxed)
        defer { calls.subtract(1, ordering: .relaxed) }
        guard before < self.limit * (1 + Self.queue), free.wait(timeout: .now() + Self.patience) == .success else {
            throw SpeechError(.busy, "Others are being listened to: try again in a second.")
        }
        defer { free.signal() }
        let idle = try decoders.withLock { $0.popLast() } ?? Idle(decoder: open())
        let transcript = try idle.decoder.transcribe(recording, alternatives: limit)
        decoders.withLock { $0.append(idle) }
        return transcript
    }

    private func open() throws -> SpeechDecoder {
        try SpeechDecoder(
            acoustic: acoustic.sounds, dictionary: artefact.path(of: Self.dictionaryFile),
            language: artefact.path(of: Self.languageFile), weight: weight, insertion: insertion)
    }
}
