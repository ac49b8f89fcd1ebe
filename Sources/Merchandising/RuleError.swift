/// Why rules cannot be taken, with where it stands.
public struct RuleError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// A part is missing, of the wrong type, or out of its range.
        case invalid
        /// Two rules cannot both hold.
        case conflict
        /// Written by a version of Souk that this one does not know.
        case unknownFormat
        /// More rules or actions than a book may hold.
        case tooMany
    }

    public let code: Code
    /// Such as `rules[3].actions[0].position`; empty for the whole.
    public let place: String
    public let message: String

    public init(_ code: Code, _ place: String, _ message: String) {
        (self.code, self.place, self.message) = (code, place, message)
    }

    public var description: String { place.isEmpty ? message : "\(place): \(message)" }
}
