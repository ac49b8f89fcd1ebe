/// Writes what a segment knows of each document: numbers, popularity, rank by title, facets.
struct ColumnSections: Sendable {
    private let shards: [DocumentShard]
    /// The documents as they were added, in the order in which they are written.
    private let order: [Int]
    private let numbers: [UInt32]
    private let popularity: [Float]
    /// By shard and document of it: where the document is written.
    private let places: [[UInt32]]

    init(shards: [DocumentShard], order: [Int], numbers: [UInt32], popularity: [Float]) {
        (self.shards, self.order, self.numbers, self.popularity) = (shards, order, numbers, popularity)
        var written = [UInt32](repeating: 0, count: order.count)
        for (place, document) in order.enumerated() { written[document] = UInt32(place) }
        places = shards.map { shard in shard.documents.map { written[Int($0)] } }
    }

    func write(to writer: inout SectionWriter) {
        let ordered = order.map { numbers[$0] }
        writer.add("numbers", ordered)
        writer.add("numbers.order", ordered.indices.sorted { ordered[$0] < ordered[$1] }.map { UInt32($0) })
        writer.add("popularity", order.map { popularity[$0] })
        let titleRanks = titleRanks()
        writer.add("titles", order.map { titleRanks[$0] })
        addGroups(to: &writer)
        addIdentifiers(to: &writer)
        addFacets(to: &writer)
        addNumbers(to: &writer)
    }

    private func addGroups(to writer: inout SectionWriter) {
        guard shards.contains(where: { !$0.groups.isEmpty }) else { return }
        var column = [UInt64](repeating: 0, count: order.count)
        for (shard, places) in zip(shards, places) {
            for (document, group) in shard.groups { column[Int(places[Int(document)])] = group }
        }
        writer.add("groups", column)
    }

    private func addIdentifiers(to writer: inout SectionWriter) {
        var (keys, documents): ([UInt64], [UInt32]) = ([], [])
        let count = shards.reduce(0) { $0 + $1.identifiers.count }
        keys.reserveCapacity(count)
        documents.reserveCapacity(count)
        for (shard, places) in zip(shards, places) {
            for (key, document) in shard.identifiers {
                keys.append(key)
                documents.append(places[Int(document)])
            }
        }
        RadixSort.sort(&keys, &documents)
        writer.add("identifiers", keys)
        writer.add("identifiers.documents", documents)
    }

    private func addFacets(to writer: inout SectionWriter) {
        let names = Self.earliest(
            shards.map { shard in shard.facetNumbers.mapValues { shard.facets[$0].firstDocument } },
            Segment.maximumFacets)
        writer.add("facets", strings: names.map { Array($0.utf8) })
        for (index, name) in names.enumerated() {
            let parts = zip(shards, places).compactMap { shard, places in
                shard.facetNumbers[name].map { (facet: shard.facets[$0], places: places) }
            }
            FacetSections(parts, documents: order.count).write(to: &writer, index: index)
        }
    }

    private func addNumbers(to writer: inout SectionWriter) {
        let names = Self.earliest(shards.map { $0.numbers.mapValues(\.firstDocument) }, Segment.maximumNumbers)
        writer.add("numbers.names", strings: names.map { Array($0.utf8) })
        for (index, name) in names.enumerated() {
            var column = [Double](repeating: .nan, count: order.count)
            for (shard, places) in zip(shards, places) {
                guard let number = shard.numbers[name] else { continue }
                for (document, value) in zip(number.documents, number.values) {
                    column[Int(places[Int(document)])] = value
                }
            }
            writer.add("number\(index)", column)
        }
    }

    /// The sorted names that the earliest documents bring, at most `limit`; of one document, those that come first by name.
    private static func earliest(_ shards: [[String: UInt32]], _ limit: Int) -> [String] {
        let first = shards.reduce(into: [:]) { all, names in all.merge(names) { min($0, $1) } }
        guard first.count > limit else { return first.keys.sorted() }
        func precedence(_ name: String) -> Int {
            name == FacetBuilder.categoryName ? 0 : name == FacetBuilder.brandName ? 1 : 2
        }
        return first.sorted {
            ($0.value, precedence($0.key), $0.key) < ($1.value, precedence($1.key), $1.key)
        }
        .prefix(limit).map(\.key).sorted()
    }

    /// By document as it was added: its rank by title; of equal titles, the earlier document comes first.
    private func titleRanks() -> [UInt32] {
        let titles = MergedStrings(shards.map(\.titles))
        var titleOf = [UInt32](repeating: 0, count: order.count)
        for (index, shard) in shards.enumerated() {
            for (document, title) in zip(shard.documents, shard.titleNumbers) {
                titleOf[Int(document)] = titles.ranks[index][Int(title)]
            }
        }
        var next = [UInt32](repeating: 0, count: titles.count + 1)
        for title in titleOf { next[Int(title) + 1] += 1 }
        for title in 0..<titles.count { next[title + 1] += next[title] }
        return titleOf.map { title in
            defer { next[Int(title)] += 1 }
            return next[Int(title)]
        }
    }
}
