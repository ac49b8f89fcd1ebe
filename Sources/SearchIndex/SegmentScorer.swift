/// Scores the documents of one segment for a plan: exact sums of precomputed impacts.
///
/// Complexity: O(postings of the plan's terms + documents).
struct SegmentScorer {
    let segment: Segment
    /// Score of each document; zero where nothing matched.
    private(set) var scores: [Float]
    /// Sum of the information of the groups that matched.
    private(set) var covered: [Float]
    private(set) var matchedGroups: [UInt8]

    init(_ segment: Segment) {
        self.segment = segment
        scores = [Float](repeating: 0, count: segment.count)
        covered = scores
        matchedGroups = [UInt8](repeating: 0, count: segment.count)
    }

    mutating func add(_ group: TermGroup) {
        var parts: [(documents: [UInt32], impacts: [Float])] = []
        var single: [(range: Range<Int>, weight: Float)] = []
        for variant in group.variants {
            let terms = variant.terms.compactMap { segment.terms.find($0) }
            guard terms.count == variant.terms.count else { continue }
            if terms.count == 1 {
                single.append((segment.postings(terms[0]), variant.weight))
            } else {
                parts.append(Self.phrase(terms, weight: variant.weight, in: segment))
            }
        }
        if parts.isEmpty, single.count == 1 {
            takeAll(single[0].range, weight: single[0].weight, group.information)
            return
        }
        takeBest(single, parts, group.information)
    }

    private mutating func takeAll(_ range: Range<Int>, weight: Float, _ information: Float) {
        let segment = segment
        unsafe segment.documents.withElements { documents in
            unsafe segment.impacts.withElements { impacts in
                for place in range {
                    unsafe take(Int(documents[place]), impacts[place] * weight, information)
                }
            }
        }
    }

    /// Where a word has several readings, each document counts its best one.
    private mutating func takeBest(
        _ single: [(range: Range<Int>, weight: Float)], _ parts: [(documents: [UInt32], impacts: [Float])],
        _ information: Float
    ) {
        var best = [Float](repeating: 0, count: segment.count)
        unsafe segment.documents.withElements { documents in
            unsafe segment.impacts.withElements { impacts in
                for (range, weight) in single {
                    for place in range {
                        let document = unsafe Int(documents[place])
                        best[document] = max(best[document], unsafe impacts[place] * weight)
                    }
                }
            }
        }
        for part in parts {
            for (index, document) in part.documents.enumerated() {
                best[Int(document)] = max(best[Int(document)], part.impacts[index])
            }
        }
        for document in best.indices where best[document] > 0 { take(document, best[document], information) }
    }

    private mutating func take(_ document: Int, _ impact: Float, _ information: Float) {
        scores[document] += impact
        covered[document] += information
        matchedGroups[document] &+= 1
    }

    /// Documents that hold all terms, with the mean of the terms' impacts.
    static func phrase(_ terms: [Int], weight: Float, in segment: Segment) -> (documents: [UInt32], impacts: [Float]) {
        let order = terms.sorted { segment.postings($0).count < segment.postings($1).count }
        var documents = segment.postings(order[0]).map { segment.documents[$0] }
        var sums = segment.postings(order[0]).map { segment.impacts[$0] }
        for term in order.dropFirst() {
            var place = segment.postings(term).lowerBound
            let end = segment.postings(term).upperBound
            var kept = 0
            for index in documents.indices {
                while place < end, segment.documents[place] < documents[index] { place += 1 }
                guard place < end, segment.documents[place] == documents[index] else { continue }
                documents[kept] = documents[index]
                sums[kept] = sums[index] + segment.impacts[place]
                kept += 1
            }
            documents.removeLast(documents.count - kept)
            sums.removeLast(sums.count - kept)
        }
        let factor = weight / Float(terms.count)
        return (documents, sums.map { $0 * factor })
    }

    /// How many documents hold all of `terms`.
    static func intersectionCount(_ terms: [[UInt8]], _ segments: [Segment]) -> Int {
        segments.reduce(0) { sum, segment in
            let found = terms.compactMap { segment.terms.find($0) }
            return sum + (found.count == terms.count ? phrase(found, weight: 1, in: segment).documents.count : 0)
        }
    }
}
