import Evaluation

/// How a measure differs between groups of users.
struct SegmentReport {
    /// Such as `NDCG@10`.
    let measure: String
    /// The measure by user.
    let values: [Double]
    /// How many baskets each user had before, in the same order.
    let baskets: [Int]

    /// Lower ends of the groups, by baskets before the cut.
    private static let edges = [1, 10, 25, 50, 100]

    var blocks: [ReportBlock] {
        let bars = groups.compactMap { group in
            PairedBootstrap.interval(of: group.values, resamples: 500).map {
                ReportBlock.Bar(label: "\(group.label) (\(group.values.count))", interval: $0)
            }
        }
        return bars.isEmpty ? [] : [.bars(caption: "\(measure) by baskets before the cut, 95 % intervals", bars: bars)]
    }

    /// Users by how much is known of them; groups that nobody is in are left out.
    var groups: [(label: String, values: [Double])] {
        Self.edges.indices.compactMap { index in
            let (from, next) = (Self.edges[index], Self.edges.dropFirst(index + 1).first)
            let members = values.indices.filter { baskets[$0] >= from && baskets[$0] < next ?? .max }
            guard !members.isEmpty else { return nil }
            return (next.map { "\(from) to \($0 - 1)" } ?? "\(from) or more", members.map { values[$0] })
        }
    }
}
