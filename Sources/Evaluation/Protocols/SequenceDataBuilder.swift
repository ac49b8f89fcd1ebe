/// Collects lines of items by name and numbers the items when all are known.
struct SequenceDataBuilder {
    private var users: [String] = []
    private var known: Set<String> = []
    private var numbers: [Substring: Int32] = [:]
    private var names: [String] = []
    private var offsets = [0]
    private var history: [Int32] = []
    private var targets: [Int32] = []

    var isEmpty: Bool { users.isEmpty }

    /// Returns false if the user came before. `items` must not be empty.
    mutating func append(user: Substring, items: ArraySlice<Substring>) -> Bool {
        let user = String(user)
        guard known.insert(user).inserted else { return false }
        users.append(user)
        let numbered = items.map { number(of: $0) }
        history += numbered.dropLast()
        offsets.append(history.count)
        targets.append(numbered[numbered.count - 1])
        return true
    }

    /// Renumbers items in ascending order of their names.
    consuming func finish() -> SequenceEvaluation.Data {
        let order = ascendingOrder(of: names)
        var position = Array(repeating: Int32(0), count: names.count)
        for (rank, old) in order.enumerated() { position[old] = Int32(rank) }
        return SequenceEvaluation.Data(
            users: users, items: order.map { names[$0] }, offsets: offsets, history: history.map { position[Int($0)] },
            targets: targets.map { position[Int($0)] })
    }

    private mutating func number(of item: Substring) -> Int32 {
        if let number = numbers[item] { return number }
        let number = Int32(names.count)
        numbers[item] = number
        names.append(String(item))
        return number
    }

    /// As numbers if all names are plain numbers, else by bytes; equal numbers (`7`, `07`) by bytes.
    private func ascendingOrder(of names: [String]) -> [Int] {
        let values = names.map { UInt64($0) }
        let areNumbers = values.allSatisfy { $0 != nil }
        return names.indices.sorted { left, right in
            if areNumbers, let a = values[left], let b = values[right], a != b { return a < b }
            return names[left].utf8.lexicographicallyPrecedes(names[right].utf8)
        }
    }
}
