/// Who has what, once each, as compressed rows: what factor models are fitted to.
struct InteractionMatrix: Sendable {
    private(set) var offsets: [Int32] = [0]
    /// In rising order within a row.
    private(set) var columns: [UInt32] = []
    let columnCount: Int

    var rowCount: Int { offsets.count - 1 }

    /// One row a sequence; items are below `itemLimit`.
    init(_ sequences: [[UInt32]], itemLimit: Int) {
        columnCount = itemLimit
        columns.reserveCapacity(sequences.reduce(0) { $0 + $1.count })
        for sequence in sequences {
            var last: UInt32?
            for item in sequence.sorted() where item != last {
                columns.append(item)
                last = item
            }
            offsets.append(Int32(columns.count))
        }
    }

    private init(offsets: [Int32], columns: [UInt32], columnCount: Int) {
        (self.offsets, self.columns, self.columnCount) = (offsets, columns, columnCount)
    }

    func row(_ row: Int) -> Range<Int> { Int(offsets[row])..<Int(offsets[row + 1]) }

    /// Rows and columns exchanged. Complexity: O(entries).
    func transposed() -> InteractionMatrix {
        var offsets = [Int32](repeating: 0, count: columnCount + 1)
        for column in columns { offsets[Int(column) + 1] += 1 }
        for column in 0..<columnCount { offsets[column + 1] += offsets[column] }
        var next = offsets
        var rows = [UInt32](repeating: 0, count: columns.count)
        for row in 0..<rowCount {
            for place in self.row(row) {
                let column = Int(columns[place])
                rows[Int(next[column])] = UInt32(row)
                next[column] += 1
            }
        }
        return InteractionMatrix(offsets: offsets, columns: rows, columnCount: rowCount)
    }
}
