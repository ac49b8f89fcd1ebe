/// The fields of items whose words are searched: all of them, or those that a shop names.
///
/// Titles are always searched. What is not searched is still shown, filtered and counted.
public struct SearchedFields: Hashable, Sendable {
    public static let all = SearchedFields(names: nil)

    /// `title`, `product_type`, `brand`, `description`, `source_text`, `mpn` and names of attributes; `nil` for all.
    let names: Set<String>?

    private init(names: Set<String>?) { self.names = names }

    /// - Parameter names: Of feeds; none means all.
    public init(_ names: [String]) { self.names = names.isEmpty ? nil : Set(names).union(["title"]) }

    @inline(__always) func holds(_ name: String) -> Bool { names?.contains(name) ?? true }

    /// As a section of a segment.
    var sorted: [[UInt8]] { (names ?? []).sorted().map { Array($0.utf8) } }
}
