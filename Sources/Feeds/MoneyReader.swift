import Domain
import JSON

/// Reads amounts of money as feeds write them.
enum MoneyReader {
    /// `"12.50 USD"`, `"12.50"`, `12.5`, or `{"value": "12.50", "currency": "USD"}`; never negative.
    static func price(_ value: JSONValue, _ name: String, currency fallback: Currency?) throws(FeedError) -> Money {
        if case .object = value {
            let fields = try FieldReader(value)
            guard let amount = fields.find(["value", "amount"]) else {
                throw FeedError(.missingField, "`\(name)` needs `value` and `currency`.", field: name)
            }
            let currency = try fields.currency("currency", "currencyCode") ?? fallback
            if case .object = amount.value {
                throw FeedError(.wrongType, "`\(name).value` must be a number or a string.", field: name)
            }
            return try price(amount.value, name, currency: currency)
        }
        switch value {
        case .integer(let number): return try money(String(number), name, currency: fallback)
        case .number(let number): return try money("\(number)", name, currency: fallback)
        case .string(let text): return try money(text, name, currency: fallback)
        default:
            let message = "`\(name)` must be an amount such as \"12.50 USD\"; it is \(value.kind)."
            throw FeedError(.wrongType, message, field: name)
        }
    }

    /// An amount in minor units as GA4 writes it: a number, or digits in a string, rounded to the currency's decimals.
    static func minorUnits(_ value: JSONValue, _ name: String, currency: Currency) throws(FeedError) -> Int64 {
        var number = value.doubleValue
        if case .string(let text) = value { number = Double(text) }
        guard let number else {
            throw FeedError(.wrongType, "`\(name)` must be a number; it is \(value.kind).", field: name)
        }
        guard number.isFinite, number >= 0, number < 1e12 else {
            throw FeedError(.invalidValue, "`\(name)` must be a finite number from 0 to 10^12.", field: name)
        }
        var scale = 1.0
        for _ in 0..<currency.decimals { scale *= 10 }
        return Int64((number * scale).rounded())
    }

    private static func money(_ text: String, _ name: String, currency: Currency?) throws(FeedError) -> Money {
        let parts = text.split(separator: " ")
        if parts.count == 2, Currency(String(parts[1])) == nil {
            throw FeedError(.invalidValue, "`\(name)` names no currency of ISO 4217, such as USD.", field: name)
        }
        if parts.count == 1, currency == nil {
            throw FeedError(.invalidValue, "`\(name)` names no currency: write such as 12.50 USD.", field: name)
        }
        guard let money = Money(decimal: text, currency: currency) else {
            let message = "`\(name)` must be an amount such as 12.50 USD, with no more decimals than its currency has."
            throw FeedError(.invalidValue, message, field: name)
        }
        guard money.minorUnits >= 0 else {
            throw FeedError(.invalidValue, "`\(name)` is negative.", field: name)
        }
        return money
    }
}
