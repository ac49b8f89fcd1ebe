import Storage

/// For each item a list of others with weights, best first: compressed rows.
struct NeighbourTable: Hashable, Sendable {
    private(set) var offsets: [UInt32] = [0]
    private(set) var others: [UInt32] = []
    private(set) var weights: [Float] = []

    init() {}

    var rowCount: Int { offsets.count - 1 }

    mutating func append(_ row: [(item: UInt32, score: Double)]) {
        for (item, weight) in row {
            others.append(item)
            weights.append(Float(weight))
        }
        offsets.append(UInt32(others.count))
    }

    func row(_ item: UInt32) -> Range<Int> {
        guard Int(item) < rowCount else { return 0..<0 }
        return Int(offsets[Int(item)])..<Int(offsets[Int(item) + 1])
    }

    func store(in file: inout ColumnFile) {
        file.set("offsets", offsets)
        file.set("others", others)
        file.set("weights", weights)
    }

    init(_ file: ColumnFile) throws(StorageError) {
        offsets = try file.uint32s("offsets")
        others = try file.uint32s("others")
        weights = try file.floats("weights")
        let rises = offsets.first == 0 && zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 }
        guard rises, offsets.last.map(Int.init) == others.count, others.count == weights.count,
            others.allSatisfy({ $0 < UInt32(offsets.count) })
        else { throw file.damaged("its rows do not fit together") }
    }
}
