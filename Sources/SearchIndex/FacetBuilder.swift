/// Gathers the values of one facet, such as `brand`, of the documents of a shard.
struct FacetBuilder: Sendable {
    /// Stands between the levels of a category path.
    static let separator = " > "
    static let maximumValueBytes = 200
    static let categoryName = "category"
    static let brandName = "brand"

    /// Whether values are paths, of which a document has the deepest.
    let isPath: Bool
    /// The first document that has the facet, by its place among all documents.
    let firstDocument: UInt32
    private(set) var values = InternTable()
    /// Pairs of a document of the shard, never falling, and the number of a value.
    private(set) var documents: [UInt32] = []
    private(set) var ordinals: [UInt32] = []
    private var document: UInt32 = 0
    /// Where the pairs of `document` begin.
    private var start = 0

    init(isPath: Bool, firstDocument: UInt32) { (self.isPath, self.firstDocument) = (isPath, firstDocument) }

    /// Begins the values of a document.
    mutating func begin(document: UInt32) { (self.document, start) = (document, documents.count) }

    /// Adds a value; those of a path from the widest to the narrowest. Empty and very long ones are left out.
    mutating func add(_ value: [UInt8]) {
        guard !value.isEmpty, value.count <= Self.maximumValueBytes else { return }
        let ordinal = values.number(of: value)
        if isPath, documents.count > start {
            ordinals[start] = ordinal
            return
        }
        for place in start..<ordinals.count where ordinals[place] == ordinal { return }
        documents.append(document)
        ordinals.append(ordinal)
    }
}
