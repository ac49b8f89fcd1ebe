import Dispatch
import Domain
import Foundation
import JSON
import Recommenders
import Storage
import Synchronization

/// One shelf for every person of a shop, as a file of JSON lines: for newsletters.
///
/// A line is an object with `user`, `scenario`, `generation` and `items` (`id`, `title`, `price`, `currency`, `reason`,
/// `score`). People appear by pseudonym, or by the identifiers that the caller gave. Whoever was erased is not in the log and gets
/// no line; whoever gets an empty shelf gets none either.
public struct ShelfBatch: Sendable {
    public var call: RecommendCall
    /// Where the lines go; parts lie beside it until all are there.
    public var path: String
    /// The shop's own identifiers; `nil` for everybody in the log.
    public var people: [String]?
    /// The shop's own identifiers of people who want no messages.
    public var optedOut: [String] = []
    /// People in one part: what a kill costs at most.
    var partSize = 200

    public init(call: RecommendCall, path: String) { (self.call, self.path) = (call, path) }

    /// What became of a batch.
    public struct Summary: Hashable, Sendable {
        public var people = 0
        public var lines = 0
    }
}

/// What a run stands on, kept beside its parts: a run goes on from where it was only if all of it is the same.
struct BatchStart: Hashable {
    /// The moment that histories end at.
    var now: Timestamp
    /// Events that came later do not count.
    var lastSequence: Int64
    var userLimit: Int
    var erasures: Int
    var generation: Int
    /// SHA-256 of everything that the caller asked for.
    var request: String

    var encoded: [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("format", 1)
            object.member("now", now.milliseconds)
            object.member("last_sequence", lastSequence)
            object.member("user_limit", userLimit)
            object.member("erasures", erasures)
            object.member("generation", generation)
            object.member("request", request)
        }
        return writer.finish()
    }

    init(now: Timestamp, lastSequence: Int64, userLimit: Int, erasures: Int, generation: Int, request: String) {
        (self.now, self.lastSequence, self.userLimit) = (now, lastSequence, userLimit)
        (self.erasures, self.generation, self.request) = (erasures, generation, request)
    }

    /// Throws `failed` for a file that no run wrote.
    init(reading path: String) throws {
        let root = try JSONValue(parsing: FileSystem.read(path, maximumBytes: 1 << 16))
        guard root["format"]?.integerValue == 1, let now = root["now"]?.integerValue,
            let sequence = root["last_sequence"]?.integerValue,
            let limit = root["user_limit"]?.integerValue.flatMap(Int.init(exactly:)),
            let erasures = root["erasures"]?.integerValue.flatMap(Int.init(exactly:)),
            let generation = root["generation"]?.integerValue.flatMap(Int.init(exactly:)),
            let request = root["request"]?.stringValue
        else { throw ServingError(.failed, "\(path) is not a batch's: remove the folder and begin again.") }
        self.init(
            now: Timestamp(milliseconds: now), lastSequence: sequence, userLimit: limit, erasures: erasures,
            generation: generation, request: request)
    }
}

extension ShopService {
    /// Writes a batch; each part is on disk as a whole or not at all, and the file appears when all parts are there.
    ///
    /// - Parameter resumes: Goes on with a run that was interrupted. The file is then the one that the run would have
    ///   written, as long as prices, stock and items are the same; what people did meanwhile does not count.
    /// - Throws: `conflict` if there is an unfinished run and `resumes` is false, or if it stands on another generation, other
    ///   options, or on people who were erased since.
    public func write(
        _ batch: ShelfBatch, resumes: Bool, progress: (Int, Int) -> Void
    ) throws -> ShelfBatch.Summary {
        let parts = batch.path + ".parts"
        let start = try begin(batch, in: parts, resumes: resumes)
        let optedOut = Set(try batch.optedOut.map { try pseudonym($0) })
        let total = batch.people?.count ?? start.userLimit
        var summary = ShelfBatch.Summary()
        var names: [String] = []
        for first in stride(from: 0, to: total, by: batch.partSize) {
            let range = first..<min(total, first + batch.partSize)
            let name = "\(parts)/\(String(format: "%09d", first)).jsonl"
            names.append(name)
            if !FileSystem.exists(name) {
                let people = try people(of: batch, in: range, without: optedOut)
                try AtomicFile.write(try lines(for: people, batch.call, start), to: name, mode: 0o600)
            }
            progress(range.upperBound, total)
        }
        summary.people = total
        summary.lines = try join(names, to: batch.path)
        try FileSystem.remove(parts)
        return summary
    }

    private func begin(_ batch: ShelfBatch, in parts: String, resumes: Bool) throws -> BatchStart {
        let note = parts + "/start.json"
        let fresh = BatchStart(
            now: now(), lastSequence: try store.lastSequence(), userLimit: try store.userNumberLimit(),
            erasures: try store.erasureCount(), generation: generation, request: Self.fingerprint(batch))
        guard FileSystem.exists(note) else {
            try FileSystem.makeFolder(parts)
            try AtomicFile.write(fresh.encoded, to: note, mode: 0o600)
            return fresh
        }
        guard resumes else {
            throw ServingError(
                .conflict, "\(parts) holds a run that was not finished: go on with --resume, or remove the folder.")
        }
        let begun = try BatchStart(reading: note)
        guard
            (begun.generation, begun.erasures, begun.request) == (fresh.generation, fresh.erasures, fresh.request)
        else {
            throw ServingError(
                .conflict,
                "The run in \(parts) was begun with other options, another generation, or people who were erased since: remove the folder and begin again."
            )
        }
        return begun
    }

    private static func fingerprint(_ batch: ShelfBatch) -> String {
        let asked = "\(batch.call)\u{0}\(batch.people ?? ["everybody"])\u{0}\(batch.optedOut)"
        return SHA256.hex(of: Array(asked.utf8))
    }

    /// Who stands in a range of the batch, by the name that the file gives them.
    private func people(
        of batch: ShelfBatch, in range: Range<Int>, without optedOut: Set<Pseudonym>
    ) throws -> [(name: String, pseudonym: Pseudonym)] {
        let all: [(name: String, pseudonym: Pseudonym)] =
            if let people = batch.people {
                try people[range].map { ($0, try pseudonym($0)) }
            } else {
                try range.compactMap { number in
                    try store.pseudonym(of: UserNumber(UInt32(number))).map { ($0.rawValue, $0) }
                }
            }
        return all.filter { !optedOut.contains($0.pseudonym) }
    }

    private func lines(
        for people: [(name: String, pseudonym: Pseudonym)], _ call: RecommendCall, _ start: BatchStart
    ) throws -> [UInt8] {
        let results = Mutex<[Result<[UInt8], any Error>?]>(Array(repeating: nil, count: people.count))
        DispatchQueue.concurrentPerform(iterations: people.count) { place in
            let line = Result<[UInt8], any Error>(catching: { try self.line(for: people[place], call, start) })
            results.withLock { $0[place] = line }
        }
        return try results.withLock { $0 }.flatMap { try $0?.get() ?? [] }
    }

    private func line(
        for person: (name: String, pseudonym: Pseudonym), _ call: RecommendCall, _ start: BatchStart
    ) throws -> [UInt8] {
        let events = try store.events(of: person.pseudonym, limit: Self.historyLimit)
        let known = KnownHistory(events.filter { $0.sequence <= start.lastSequence }, version: 0)
        let answer = try recommend(
            call, person: AskingPerson(pseudonym: person.pseudonym, known: known), at: start.now, keeps: false)
        guard !answer.entries.isEmpty else { return [] }
        var writer = JSONWriter(reservingCapacity: 2048)
        writer.object { writer in
            writer.member("user", person.name)
            writer.member("scenario", call.scenario.rawValue)
            writer.member("generation", answer.generation)
            writer.array("items") { writer in
                for entry in answer.entries {
                    writer.object { writer in
                        writer.member("id", entry.card.item.id.rawValue)
                        writer.member("title", entry.card.item.title)
                        if let price = entry.card.price { writer.member("price", price.decimalText) }
                        writer.member("currency", answer.currency.code)
                        writer.member("reason", entry.hit.reason)
                        writer.member("score", entry.hit.score)
                    }
                }
            }
        }
        return writer.finish() + [0x0A]
    }

    /// Joins the parts under a temporary name, then gives the file its own; returns how many lines there are.
    private func join(_ parts: [String], to path: String) throws -> Int {
        let temporary = path + ".parts/joined.tmp"
        guard FileManager.default.createFile(atPath: temporary, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: temporary)
        else { throw ServingError(.failed, "Creating \(temporary) failed: check its folder's permissions.") }
        var lines = 0
        for part in parts {
            let bytes = try FileSystem.read(part)
            lines += bytes.count { $0 == 0x0A }
            try file.write(contentsOf: Data(bytes))
        }
        try file.synchronize()
        try file.close()
        try FileSystem.rename(temporary, to: path)
        return lines
    }
}
