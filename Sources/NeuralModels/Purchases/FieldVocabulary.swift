internal import JSON

/// Rows of one table of embeddings for the values of all fields, learned on training examples and kept with the model.
///
/// The first row of each field is shared by values that are unknown, that training saw fewer than `least` times, or not at all: it is
/// learned from the rare ones.
struct FieldVocabulary: Sendable {
    /// The shared row of each field.
    let offsets: [Int]
    /// Values that have a row of their own, by field, in the order of their rows.
    let values: [[UInt32]]
    private let rows: [[UInt32: Int32]]
    /// Rows of the table.
    let count: Int

    /// - Complexity: O(examples × fields).
    init(learning fields: PurchaseFields, least: Int = 2) {
        let width = PurchaseFields.Field.allCases.count
        var (offsets, values, rows): ([Int], [[UInt32]], [[UInt32: Int32]]) = ([], [], [])
        var next = 0
        for field in 0..<width {
            var counts: [UInt32: Int] = [:]
            for place in stride(from: field, to: fields.values.count, by: width) {
                counts[fields.values[place], default: 0] += 1
            }
            let kept = counts.filter { $0.value >= least && $0.key != PurchaseFields.none }.keys.sorted()
            offsets.append(next)
            values.append(kept)
            rows.append(
                Dictionary(uniqueKeysWithValues: zip(kept, (next + 1...next + max(1, kept.count)).map { Int32($0) })))
            next += kept.count + 1
        }
        (self.offsets, self.values, self.rows, count) = (offsets, values, rows, next)
    }

    /// The table's row of a value.
    func row(of value: UInt32, _ field: PurchaseFields.Field) -> Int32 {
        rows[field.rawValue][value] ?? Int32(offsets[field.rawValue])
    }

    /// Shape `[count, fields]`.
    func rows(of fields: PurchaseFields) -> [Int32] {
        let all = PurchaseFields.Field.allCases
        return fields.values.indices.map { row(of: fields.values[$0], all[$0 % all.count]) }
    }

    /// Shape `[count, length, historyFields]`; what lies behind a history's end has the shared rows.
    func historyRows(of fields: PurchaseFields) -> [Int32] {
        let all = PurchaseFields.historyFields
        return fields.histories.indices.map { row(of: fields.histories[$0], all[$0 % all.count]) }
    }

    /// As it is kept beside the weights: by field the row that is shared, and the values with the rows behind it, in their order.
    ///
    /// - Parameter name: A value in the shop's words.
    func json(_ name: (PurchaseFields.Field, UInt32) -> JSONValue) -> JSONValue {
        .array(
            PurchaseFields.Field.allCases.map { field in
                .object([
                    .init("field", .string(String(describing: field))),
                    .init("shared_row", .integer(Int64(offsets[field.rawValue]))),
                    .init("values", .array(values[field.rawValue].map { name(field, $0) })),
                ])
            })
    }
}
