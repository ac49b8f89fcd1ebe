import Domain
import HTTP
import JSON
import Storage

extension Call {
    /// A whole number from the query within a range.
    func integer(_ name: String, default value: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let text = request.query(name) else { return value }
        guard let number = Int(text), range.contains(number) else {
            throw Problem.invalid("`\(name)` must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    func flag(_ name: String, default value: Bool = false) throws -> Bool {
        switch request.query(name) {
        case nil: return value
        case "false", "0": return false
        case "true", "1", "": return true
        default: throw Problem.invalid("`\(name)` must be true or false.")
        }
    }

    /// One of the names of a kind of choice, from the query.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, default value: Choice
    ) throws -> Choice where Choice.RawValue == String {
        guard let text = request.query(name) else { return value }
        guard let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.invalid("`\(name)` must be one of \(names).")
        }
        return choice
    }

    /// A text from the query of at most so many bytes; `nil` if it is absent or empty.
    func text(_ name: String, maximumBytes: Int) throws -> String? {
        guard let text = request.query(name), !text.isEmpty else { return nil }
        guard text.utf8.count <= maximumBytes else {
            throw Problem.invalid("`\(name)` may have \(maximumBytes) bytes.")
        }
        return text
    }

    /// The market and customer group whose prices hold; everybody's if the request names none.
    func priceList() throws -> PriceListName {
        PriceListName(
            market: try text("market", maximumBytes: 64) ?? Offer.defaultMarket,
            group: try text("group", maximumBytes: 64) ?? Offer.everyGroup)
    }

    /// The primary tag of `lang`, the language that the shopper reads, in lower case; `nil` if the request names none.
    func language() throws -> String? {
        try text("lang", maximumBytes: 35)?.split(separator: "-").first?.lowercased()
    }

    func itemID(_ text: String) throws -> ItemID {
        guard let id = ItemID(text) else { throw Problem.invalid("An item's identifier has 1 to 128 plain bytes.") }
        return id
    }

    func parameter(_ name: String) -> String { parameters[name] ?? "" }

    /// The body as JSON; refuses other media types with 415.
    func json() throws -> JSONValue {
        guard request.mediaType == "application/json" else {
            throw Problem(415, "Unsupported media type", "Send the body as application/json.")
        }
        return try JSONValue(parsing: request.body)
    }

    /// The records of a bulk body: an object with a list under `name`, or one JSON object a line.
    func records(_ name: String, limit: Int) throws -> [JSONValue] {
        let values: [JSONValue]
        if request.mediaType == "application/x-ndjson" || request.mediaType == "application/jsonl" {
            values = try request.body.split(separator: 10).map { try JSONValue(parsing: $0) }
        } else {
            guard let list = try json()[name]?.arrayValue else {
                throw Problem.invalid("The body must be an object with a list under `\(name)`.")
            }
            values = list
        }
        guard values.count <= limit else {
            throw Problem(413, "Too many records", "A request may have \(limit) records: send them in parts.")
        }
        return values
    }

    static func respond(_ status: Int = 200, _ body: (inout JSONWriter) throws -> Void) rethrows -> HTTPResponse {
        var writer = JSONWriter(reservingCapacity: 8192)
        try writer.object(body)
        return HTTPResponse(status: status, contentType: "application/json", body: writer.finish())
    }
}
