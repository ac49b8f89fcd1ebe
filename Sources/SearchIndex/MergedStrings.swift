import Numerics

/// The strings of several tables in one order, equal ones once.
struct MergedStrings: Sendable {
    /// A string by the first table that holds it.
    struct Entry: Sendable {
        let table: Int
        let number: Int
    }

    let tables: [InternTable]
    /// By rank.
    private(set) var entries: [Entry] = []
    /// By table and number: the rank.
    private(set) var ranks: [[UInt32]]

    /// - Complexity: O(strings log strings); tables are sorted side by side.
    init(_ tables: [InternTable]) {
        self.tables = tables
        ranks = tables.map { Array(repeating: 0, count: $0.count) }
        let sorted = concurrentMap(tables) { $0.sorted() }
        entries.reserveCapacity(tables.map(\.count).max() ?? 0)
        guard tables.count > 1 else {
            for (rank, number) in (sorted.first ?? []).enumerated() {
                ranks[0][Int(number)] = UInt32(rank)
                entries.append(Entry(table: 0, number: Int(number)))
            }
            return
        }
        var places = [Int](repeating: 0, count: tables.count)
        while let first = least(sorted, places) {
            let number = Int(sorted[first][places[first]])
            let rank = UInt32(entries.count)
            entries.append(Entry(table: first, number: number))
            for table in first..<tables.count where places[table] < sorted[table].count {
                let other = Int(sorted[table][places[table]])
                if table == first || tables[table].order(other, tables[first], number) == 0 {
                    ranks[table][other] = rank
                    places[table] += 1
                }
            }
        }
    }

    /// The first table whose next string is not behind any other's.
    private func least(_ sorted: [[UInt32]], _ places: [Int]) -> Int? {
        var best: Int?
        for table in tables.indices where places[table] < sorted[table].count {
            guard let other = best else {
                best = table
                continue
            }
            let (own, theirs) = (Int(sorted[table][places[table]]), Int(sorted[other][places[other]]))
            if tables[table].order(own, tables[other], theirs) < 0 { best = table }
        }
        return best
    }

    var count: Int { entries.count }

    subscript(rank: Int) -> [UInt8] { tables[entries[rank].table][entries[rank].number] }

    /// Gives `body` the bytes of a string.
    @inline(__always) func withBytes<Result>(_ rank: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        tables[entries[rank].table].withBytes(entries[rank].number, body)
    }

    func rank(of string: [UInt8]) -> UInt32? {
        for (table, ranks) in zip(tables, ranks) {
            if let number = table.find(string.span) { return ranks[Int(number)] }
        }
        return nil
    }
}
