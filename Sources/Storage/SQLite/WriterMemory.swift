internal import Domain

/// What the writer knows by heart between commits, so that an event costs few look-ups.
struct WriterMemory: Sendable {
    /// Keys the hash of event identifiers, so that nobody can craft collisions.
    let eventKey: [UInt8]
    /// Numbers of people that are on disk; forgotten whenever another process wrote, for it may have erased some.
    var users: [PseudonymKey: UInt32] = [:]
    var dataVersion: Int64 = -1

    init(eventKey: [UInt8]) { self.eventKey = eventKey }

    /// Called after a roll-back: some people may not be on disk after all.
    mutating func forget() { users = [:] }
}

/// The 128 bits of a pseudonym.
struct PseudonymKey: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    init(_ pseudonym: Pseudonym) {
        var (high, low): (UInt64, UInt64) = (0, 0)
        for digit in pseudonym.rawValue.utf8 {
            high = high << 4 | low >> 60
            low = low << 4 | UInt64(digit < 58 ? digit - 48 : digit - 87)
        }
        (self.high, self.low) = (high, low)
    }

    /// Sixteen bytes, most significant first: what the database holds.
    var bytes: [UInt8] {
        [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
    }
}

extension Pseudonym {
    /// `nil` unless there are sixteen bytes.
    init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.init(Hexadecimal.text(bytes))
    }
}
