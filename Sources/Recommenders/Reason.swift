public import Domain

/// Why an item is recommended, as a value: the page's language and titles come later.
public enum Reason: Hashable, Sendable {
    /// Bought `times` times, about every `everyDays` days.
    case rhythm(everyDays: Int, times: Int)
    case boughtBefore(times: Int)
    case oftenBoughtWith(ItemNumber)
    case similarTo(ItemNumber)
    case oftenBoughtAfter(ItemNumber)
    /// Shoppers with a like history buy it.
    case likeYou
    /// From a category (by the number in `ItemFacts`) that the shopper favours.
    case favouriteCategory(UInt32)
    case popular

    /// The reason as an English sentence.
    ///
    /// - Parameter title: The title of an item, or `nil` if it is not to be named.
    /// - Parameter category: The path of a category, widest first.
    public func sentence(title: (ItemNumber) -> String?, category: (UInt32) -> [String]? = { _ in nil }) -> String {
        switch self {
        case .rhythm(let days, _): days <= 1 ? "You buy this almost every day" : "You buy this about every \(days) days"
        case .boughtBefore(let times): times == 1 ? "You bought this before" : "You bought this \(times) times"
        case .oftenBoughtWith(let item): "Often bought with \(title(item) ?? "what you chose")"
        case .similarTo(let item): "Similar to \(title(item) ?? "what you looked at")"
        case .oftenBoughtAfter(let item): "Often chosen after \(title(item) ?? "what you bought")"
        case .likeYou: "Bought by shoppers like you"
        case .favouriteCategory(let number): "Because you like \(category(number)?.last ?? "this category")"
        case .popular: "Popular this week"
        }
    }
}
