/// One product's place in one store and week: where it was displayed and where the mailer showed it.
public struct Promotion: Hashable, Sendable {
    public var product: Int64
    public var store: Int64
    /// The code of the display as an ASCII character; `0` for none.
    public var display: UInt8
    /// The code of the mailer's page as an ASCII character; `0` for none.
    public var mailer: UInt8
    public var week: Int

    public init(product: Int64, store: Int64, display: UInt8, mailer: UInt8, week: Int) {
        (self.product, self.store, self.display, self.mailer, self.week) = (product, store, display, mailer, week)
    }
}
