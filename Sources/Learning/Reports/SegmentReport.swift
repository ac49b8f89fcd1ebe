import Evaluation

/// How a measure differs between groups of users.
struct SegmentReport {
    /// Such as `NDCG@10`.
    let measure: String
    /// The measure by user.
    let values: [Double]
    /// How much is known of each user, in the same order.
    let known: [Int]
    /// What `known` counts, such as `baskets before the cut`.
    let what: String
    /// Lower ends of the groups.
    var edges = [1, 10, 25, 50, 100]

    var blocks: [ReportBlock] {
        let bars = groups.compactMap { group in
            PairedBootstrap.interval(of: group.values, resamples: 500).map {
                ReportBlock.Bar(label: "\(group.label) (\(group.values.count))", interval: $0)
            }
        }
        return bars.isEmpty ? [] : [.bars(caption: "\(measure) by \(what), 95 % intervals", bars: bars)]
    }

    /// Users by how much is known of them; groups that nobody is in are left out.
    var groups: [(label: String, values: [Double])] {
        edges.indices.compactMap { index in
            let (from, next) = (edges[index], edges.dropFirst(index + 1).first)
            let members = values.indices.filter { known[$0] >= from && known[$0] < next ?? .max }
            guard !members.isEmpty else { return nil }
            let label = next.map { $0 - 1 > from ? "\(from) to \($0 - 1)" : "\(from)" } ?? "\(from) or more"
            return (label, members.map { values[$0] })
        }
    }
}
