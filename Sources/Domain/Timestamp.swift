/// A moment in UTC, in milliseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
    public static let millisecondsPerDay: Int64 = 86_400_000
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Midnight UTC of a civil date (proleptic Gregorian calendar; Hinnant, "chrono-compatible date algorithms", 2013).
    public init(year: Int, month: Int, day: Int) {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(milliseconds: Int64(era * 146_097 + dayOfEra - 719_468) * Self.millisecondsPerDay)
    }

    /// Reads `2017-11-01`, `2017-11-01T10:20:30Z`, `2017-11-01 10:20:30.123+02:00`; without a zone, UTC.
    ///
    /// Returns `nil` for anything else, impossible dates, and years outside 1970...9999.
    public init?(iso8601 text: String) {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(digits: 4), year >= 1970, scanner.skip("-"),
            let month = scanner.number(digits: 2), (1...12).contains(month), scanner.skip("-"),
            let day = scanner.number(digits: 2), day >= 1, day <= Self.days(inMonth: month, of: year)
        else { return nil }
        var milliseconds = Timestamp(year: year, month: month, day: day).milliseconds
        if scanner.isAtEnd {
            self.init(milliseconds: milliseconds)
            return
        }
        guard scanner.skip("T") || scanner.skip(" "), let hour = scanner.number(digits: 2), hour < 24,
            scanner.skip(":"), let minute = scanner.number(digits: 2), minute < 60
        else { return nil }
        milliseconds += Int64(hour) * 3_600_000 + Int64(minute) * 60_000
        if scanner.skip(":") {
            guard let second = scanner.number(digits: 2), second < 61, let fraction = scanner.fraction() else {
                return nil
            }
            milliseconds += Int64(second) * 1000 + Int64(fraction)
        }
        guard let offset = scanner.zoneOffsetMinutes(), scanner.isAtEnd else { return nil }
        self.init(milliseconds: milliseconds - Int64(offset) * 60_000)
    }

    /// Whole days since 1970-01-01, rounded down.
    public var day: Int {
        let quotient = milliseconds / Self.millisecondsPerDay
        return Int(milliseconds % Self.millisecondsPerDay < 0 ? quotient - 1 : quotient)
    }

    /// Days from `earlier` to this moment, with fraction; negative if `earlier` is later.
    public func days(since earlier: Timestamp) -> Double {
        Double(milliseconds - earlier.milliseconds) / Double(Self.millisecondsPerDay)
    }

    public func adding(days: Double) -> Timestamp {
        Timestamp(milliseconds: milliseconds + Int64((days * Double(Self.millisecondsPerDay)).rounded()))
    }

    /// The civil date in UTC.
    public var civil: (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// `2017-11-01T10:20:30.123Z`; without the fraction if it is zero.
    public var description: String {
        let date = civil
        let inDay = milliseconds - Int64(day) * Self.millisecondsPerDay
        let fraction = inDay % 1000
        let seconds = inDay / 1000
        let clock = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        let tail = fraction == 0 ? "" : ".\(padded(fraction, 3))"
        return "\(dateText(date))T\(clock)\(tail)Z"
    }

    /// `2017-11-01`.
    public var dateDescription: String { dateText(civil) }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    private func dateText(_ date: (year: Int, month: Int, day: Int)) -> String {
        "\(padded(Int64(date.year), 4))-\(padded(Int64(date.month), 2))-\(padded(Int64(date.day), 2))"
    }

    private func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }
}

/// Reads fixed-width numbers from ASCII text, for dates.
private struct DigitScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8.prefix(64)) }

    var isAtEnd: Bool { position == bytes.count }

    mutating func skip(_ character: Character) -> Bool {
        guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
        position += 1
        return true
    }

    mutating func number(digits: Int) -> Int? {
        guard position + digits <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[position..<position + digits] {
            guard (48...57).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        position += digits
        return value
    }

    /// Milliseconds after an optional point; `nil` if the point has no digit behind it.
    mutating func fraction() -> Int? {
        guard skip(".") else { return 0 }
        var (value, scale, count) = (0, 100, 0)
        while position < bytes.count, (48...57).contains(bytes[position]) {
            value += Int(bytes[position] - 48) * scale
            (scale, count, position) = (scale / 10, count + 1, position + 1)
        }
        return count > 0 ? value : nil
    }

    mutating func zoneOffsetMinutes() -> Int? {
        if isAtEnd || skip("Z") { return 0 }
        let sign = skip("+") ? 1 : skip("-") ? -1 : 0
        guard sign != 0, let hours = number(digits: 2), hours <= 14 else { return nil }
        _ = skip(":")
        guard let minutes = number(digits: 2), minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
