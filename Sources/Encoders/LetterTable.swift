/// Letters of phrases as numbers: 0 fills up, 1 begins, 2 ends, 3 stands for letters that are not known; the others are Unicode scalars.
public struct LetterTable: Sendable, Hashable {
    public static let padding = 0
    public static let start = 1
    public static let end = 2
    public static let unknown = 3
    public static let first = 4

    public let letters: [Unicode.Scalar]
    private let numbers: [Unicode.Scalar: Int]

    /// - Parameter letters: Each once.
    public init(_ letters: [Unicode.Scalar]) {
        self.letters = letters
        numbers = Dictionary(
            letters.enumerated().map { ($1, Self.first + $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The letters of some texts, in Unicode's order.
    public init(of texts: some Sequence<String>) {
        var seen: Set<Unicode.Scalar> = []
        for text in texts { seen.formUnion(text.unicodeScalars) }
        self.init(seen.sorted())
    }

    /// How many numbers there are.
    public var count: Int { Self.first + letters.count }

    /// The letters of a text, without beginning and end.
    public func numbers(of text: String) -> [Int] { text.unicodeScalars.map { numbers[$0] ?? Self.unknown } }

    /// The text of some letters; what is no letter is left out.
    public func text(of numbers: some Sequence<Int>) -> String {
        var text = String.UnicodeScalarView()
        for number in numbers where number >= Self.first && number < count { text.append(letters[number - Self.first]) }
        return String(text)
    }
}
