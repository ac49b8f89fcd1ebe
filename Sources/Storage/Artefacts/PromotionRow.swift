public import Domain

/// Where one item stood in one store in one week: on display, in the mailer, or both.
public struct PromotionRow: Hashable, Sendable {
    public var item: ItemNumber
    /// Index into the table's list of stores.
    public var store: UInt16
    /// The shop's week, 0...255.
    public var week: UInt8
    /// ASCII code of the place of the display, such as `0` for none.
    public var display: UInt8
    /// ASCII code of the place in the mailer.
    public var mailer: UInt8

    public init(item: ItemNumber, store: UInt16, week: UInt8, display: UInt8, mailer: UInt8) {
        (self.item, self.store, self.week) = (item, store, week)
        (self.display, self.mailer) = (display, mailer)
    }
}
