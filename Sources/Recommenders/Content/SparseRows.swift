import Storage

/// Rows of numbers most of which are zero: compressed, columns rising within a row.
struct SparseRows: Hashable, Sendable {
    /// Where rows begin; shape `[rows + 1]`.
    private(set) var offsets: [UInt32] = [0]
    private(set) var columns: [UInt32] = []
    private(set) var weights: [Float] = []
    /// Columns are below it.
    let columnLimit: Int

    init(columnLimit: Int) { self.columnLimit = columnLimit }

    var rowCount: Int { offsets.count - 1 }

    /// The places of a row in `columns` and `weights`; empty for an unknown one.
    func row(_ row: Int) -> Range<Int> {
        guard row >= 0, row < rowCount else { return 0..<0 }
        return Int(offsets[row])..<Int(offsets[row + 1])
    }

    /// Appends a row whose columns rise.
    mutating func append(_ row: some Sequence<(column: UInt32, weight: Float)>) {
        for (column, weight) in row {
            columns.append(column)
            weights.append(weight)
        }
        offsets.append(UInt32(columns.count))
    }

    /// Rows and columns exchanged. Complexity: O(entries).
    func transposed() -> SparseRows {
        var result = SparseRows(columnLimit: rowCount)
        result.offsets = [UInt32](repeating: 0, count: columnLimit + 1)
        for column in columns { result.offsets[Int(column) + 1] += 1 }
        for column in 0..<columnLimit { result.offsets[column + 1] += result.offsets[column] }
        var next = result.offsets
        result.columns = [UInt32](repeating: 0, count: columns.count)
        result.weights = [Float](repeating: 0, count: columns.count)
        for row in 0..<rowCount {
            for place in self.row(row) {
                let target = Int(next[Int(columns[place])])
                (result.columns[target], result.weights[target]) = (UInt32(row), weights[place])
                next[Int(columns[place])] += 1
            }
        }
        return result
    }

    func store(in file: inout ColumnFile, name: String) {
        file.set("\(name)_offsets", offsets)
        file.set("\(name)_columns", columns)
        file.set("\(name)_weights", weights)
    }

    init(_ file: ColumnFile, name: String, columnLimit: Int) throws(StorageError) {
        self.columnLimit = columnLimit
        offsets = try file.uint32s("\(name)_offsets")
        columns = try file.uint32s("\(name)_columns")
        weights = try file.floats("\(name)_weights")
        guard offsets.first == 0, zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 }),
            offsets.last.map(Int.init) == columns.count, columns.count == weights.count,
            columns.allSatisfy({ Int($0) < columnLimit })
        else { throw file.damaged("the rows of its \(name) do not fit together") }
    }
}
