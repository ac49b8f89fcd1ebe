public import Domain

/// Builds the index of a whole catalogue.
public enum IndexBuilder {
    /// Reads every item from `items`, leaves out withdrawn and excluded ones, and replaces the index in `folder`.
    ///
    /// - Parameter items: Calls its argument once an item, in any order.
    /// - Parameter popularity: How popular an item is, by item number, zero or more; missing ones count as zero.
    /// - Parameter progress: Called now and then with the number of items read.
    public static func build(
        items: ((StoredItem) throws -> Void) throws -> Void, popularity: [Float], into folder: String,
        progress: (Int) -> Void
    ) throws {}
}
