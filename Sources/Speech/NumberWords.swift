/// How whole numbers are said in English.
enum NumberWords {
    private static let small = """
        zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
        """.split(separator: " ").map(String.init)
    private static let tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(separator: " ").map(
        String.init)

    /// The words of a number below 10,000, a leading zero said by itself: `07` is zero seven; `nil` for longer ones.
    static func words(of digits: some StringProtocol) -> [String]? {
        let values = digits.compactMap(\.wholeNumberValue)
        guard values.count == digits.count, (1...4).contains(values.count), values.allSatisfy({ $0 < 10 }) else {
            return nil
        }
        if values.count > 1, values[0] == 0 { return values.map { small[$0] } }
        return words(of: values.reduce(0) { $0 * 10 + $1 })
    }

    private static func words(of number: Int) -> [String] {
        switch number {
        case ..<20: [small[number]]
        case ..<100: [tens[number / 10 - 2]] + (number % 10 == 0 ? [] : [small[number % 10]])
        case ..<1000: [small[number / 100], "hundred"] + (number % 100 == 0 ? [] : words(of: number % 100))
        default: words(of: number / 1000) + ["thousand"] + (number % 1000 == 0 ? [] : words(of: number % 1000))
        }
    }
}
