import Domain
import JSON

/// Reads what an item is called in further languages: `"translations": {"fr": {"title": …}}`, or columns such as `title[fr]`.
enum TranslationReader {
    private static let fields: Set<String> = ["title", "description", "product_type"]

    /// Whether a field holds a translation, as a column of a table does.
    static func isColumn(_ name: String) -> Bool { column(name) != nil }

    /// By primary tag in lower case.
    static func translations(_ reader: FieldReader) throws(FeedError) -> [String: ItemText] {
        var values: [String: [String: (name: String, value: JSONValue)]] = [:]
        if let object = reader.find(["translations"])?.value, !object.isNull {
            guard let members = object.objectValue else {
                throw FeedError(.wrongType, "`translations` must be an object by language.", field: "translations")
            }
            for member in members {
                let name = "translations.\(member.name)"
                guard let tag = primaryTag(member.name), let texts = member.value.objectValue else {
                    throw FeedError(
                        .invalidValue, "`\(name)` must be a language, such as fr, with an object.",
                        field: "translations")
                }
                for text in texts where fields.contains(text.name) && !text.value.isNull {
                    values[tag, default: [:]][text.name] = ("\(name).\(text.name)", text.value)
                }
            }
        }
        for member in reader.members where !member.value.isNull && member.value.stringValue != "" {
            guard let (field, language) = column(member.name) else { continue }
            guard let tag = primaryTag(language) else {
                throw FeedError(.invalidValue, "`\(member.name)` names no language, such as fr.", field: member.name)
            }
            values[tag, default: [:]][field] = (member.name, member.value)
        }
        guard values.count <= ItemReader.maximumTranslations else {
            throw FeedError(.tooLong, "The item has texts in over \(ItemReader.maximumTranslations) languages.")
        }
        var result: [String: ItemText] = [:]
        for (tag, texts) in values.sorted(by: { $0.key < $1.key }) {
            guard let title = texts["title"] else {
                throw FeedError(.missingField, "The item has texts in “\(tag)”, but no title.", field: "title[\(tag)]")
            }
            var text = ItemText(title: try FieldReader.text(title.value, title.name, maximumBytes: 1024))
            guard !text.title.isEmpty else {
                throw FeedError(.missingField, "`\(title.name)` is empty.", field: title.name)
            }
            if let (name, value) = texts["description"] {
                text.description = try FieldReader.text(value, name, maximumBytes: 1 << 16)
            }
            if let (name, value) = texts["product_type"] { text.productType = try ItemReader.path(value, name) }
            result[tag] = text
        }
        return result
    }

    /// `title[fr]` as its field and language.
    private static func column(_ name: String) -> (field: String, language: String)? {
        guard name.hasSuffix("]"), let open = name.firstIndex(of: "[") else { return nil }
        let field = String(name[..<open])
        return fields.contains(field) ? (field, String(name[name.index(after: open)...].dropLast())) : nil
    }

    /// The first part of a BCP 47 tag, in lower case; `nil` if it has not two or three letters.
    private static func primaryTag(_ tag: String) -> String? {
        guard tag.utf8.count <= 35, let first = tag.split(separator: "-", omittingEmptySubsequences: false).first else {
            return nil
        }
        let lower = first.lowercased()
        let isTag = (2...3).contains(lower.utf8.count) && lower.utf8.allSatisfy { (97...122).contains($0) }
        return isTag ? lower : nil
    }
}
