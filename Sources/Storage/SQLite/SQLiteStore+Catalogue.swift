public import Domain

extension SQLiteStore {
    public func upsert(_ items: [Item]) throws(StorageError) -> CatalogueChanges {
        var rows: [(item: Item, columns: ItemColumns)] = []
        rows.reserveCapacity(items.count)
        for item in items { rows.append((item, try ItemColumns(item))) }
        let now = SystemClock.now()
        return try write { connection throws(StorageError) in
            var changes = CatalogueChanges()
            var next = try connection.integer("SELECT max(number) FROM item").map { $0 + 1 } ?? 0
            let find = try connection.statement("SELECT number, fingerprint, withdrawn FROM item WHERE id = ?1")
            for row in rows {
                find.reset()
                find.bind(1, row.item.id.rawValue)
                guard try find.step() else {
                    guard next < Int64(UInt32.max) else { throw StorageError(.constraint, "The catalogue is full.") }
                    try row.columns.write(connection, ItemColumns.insertSQL, number: next, added: now)
                    changes.added += 1
                    changes.touched.append(ItemNumber(UInt32(next)))
                    next += 1
                    continue
                }
                let number = find.integer(0)
                if find.blob(1) == row.columns.fingerprint, find.integer(2) == 0 {
                    changes.unchanged += 1
                    continue
                }
                find.reset()
                try row.columns.write(connection, ItemColumns.updateSQL, number: number)
                changes.changed += 1
                changes.touched.append(ItemNumber(UInt32(number)))
            }
            find.reset()
            if changes.added > 0 {
                try connection.execute(
                    """
                    UPDATE unlisted_item SET number = (SELECT number FROM item WHERE item.id = unlisted_item.id)
                    WHERE number IS NULL
                    """)
            }
            return changes
        }
    }

    public func withdraw(_ ids: [ItemID]) throws(StorageError) -> CatalogueChanges {
        try write { connection throws(StorageError) in
            var changes = CatalogueChanges()
            let statement = try connection.statement(
                "UPDATE item SET withdrawn = 1 WHERE id = ?1 AND withdrawn = 0 RETURNING number")
            for id in ids {
                statement.bind(1, id.rawValue)
                while try statement.step() {
                    changes.withdrawn += 1
                    changes.touched.append(ItemNumber(UInt32(statement.integer(0))))
                }
                statement.reset()
            }
            return changes
        }
    }

    public func item(_ id: ItemID) throws(StorageError) -> StoredItem? {
        try read { connection throws(StorageError) in
            let statement = try connection.statement("SELECT \(ItemColumns.names) FROM item WHERE id = ?1")
            defer { statement.reset() }
            statement.bind(1, id.rawValue)
            return try statement.step() ? try ItemColumns.item(statement) : nil
        }
    }

    public func item(_ number: ItemNumber) throws(StorageError) -> StoredItem? { try items([number]).first }

    public func items(_ numbers: [ItemNumber]) throws(StorageError) -> [StoredItem] {
        try read { connection throws(StorageError) in
            let statement = try connection.statement("SELECT \(ItemColumns.names) FROM item WHERE number = ?1")
            defer { statement.reset() }
            var items: [StoredItem] = []
            items.reserveCapacity(numbers.count)
            for number in numbers {
                statement.bind(1, Int64(number.rawValue))
                if try statement.step() { items.append(try ItemColumns.item(statement)) }
                statement.reset()
            }
            return items
        }
    }

    public func items(after number: ItemNumber?, limit: Int) throws(StorageError) -> [StoredItem] {
        try read { connection throws(StorageError) in
            let statement = try connection.statement(
                "SELECT \(ItemColumns.names) FROM item WHERE number > ?1 ORDER BY number LIMIT ?2")
            defer { statement.reset() }
            statement.bind(1, number.map { Int64($0.rawValue) } ?? -1)
            statement.bind(2, Int64(max(0, limit)))
            var items: [StoredItem] = []
            while try statement.step() { items.append(try ItemColumns.item(statement)) }
            return items
        }
    }

    public func forEachOutline(_ body: (ItemOutline) throws(StorageError) -> Void) throws(StorageError) {
        try read { connection throws(StorageError) in
            let statement = try connection.statement(
                """
                SELECT number, withdrawn, excluded, product_type,
                    coalesce(json_extract(attributes, '$.brand_class[0]'), brand),
                    coalesce(brand, json_extract(attributes, '$.manufacturer[0]'))
                FROM item ORDER BY number
                """)
            defer { statement.reset() }
            // Few paths, many items: each is parsed once.
            var paths: [String: [String]] = [:]
            while try statement.step() {
                let json = statement.text(3)
                let path: [String]
                if let known = paths[json] {
                    path = known
                } else {
                    path = try ItemColumns.path(json)
                    paths[json] = path
                }
                try body(
                    ItemOutline(
                        number: ItemNumber(UInt32(truncatingIfNeeded: statement.integer(0))), productType: path,
                        brandClass: statement.text(4), brand: statement.text(5), isWithdrawn: statement.integer(1) != 0,
                        isExcluded: statement.integer(2) != 0))
            }
        }
    }

    public func numbers(of ids: [ItemID]) throws(StorageError) -> [ItemID: ItemNumber] {
        try read { connection throws(StorageError) in
            let content = try directory.loaded(from: connection)
            var numbers: [ItemID: ItemNumber] = [:]
            for id in ids { numbers[id] = content.numbers[id].map { ItemNumber($0) } }
            return numbers
        }
    }

    public func activeIDs() throws(StorageError) -> Set<ItemID> {
        try read { connection throws(StorageError) in
            let statement = try connection.statement("SELECT id FROM item WHERE withdrawn = 0")
            defer { statement.reset() }
            var ids: Set<ItemID> = []
            while try statement.step() { if let id = ItemID(statement.text(0)) { ids.insert(id) } }
            return ids
        }
    }

    /// The languages that items have texts in beside their own, in the order of their tags. Complexity: O(items).
    public func translationLanguages() throws(StorageError) -> [String] {
        try read { connection throws(StorageError) in
            let statement = try connection.statement(
                """
                SELECT DISTINCT j.key FROM item CROSS JOIN json_each(item.translations) j
                WHERE item.translations IS NOT NULL ORDER BY 1
                """)
            defer { statement.reset() }
            var languages: [String] = []
            while try statement.step() { languages.append(statement.text(0)) }
            return languages
        }
    }

    public func numberLimit() throws(StorageError) -> Int {
        try read { connection throws(StorageError) in
            try connection.integer("SELECT max(number) FROM item").map { Int($0) + 1 } ?? 0
        }
    }

    public func activeCount() throws(StorageError) -> Int {
        // Numbers have no gaps, and few items are withdrawn: counting those few is quicker.
        try read { connection throws(StorageError) in
            Int(
                try connection.integer(
                    """
                    SELECT coalesce((SELECT max(number) + 1 FROM item), 0)
                        - (SELECT count(*) FROM item WHERE withdrawn = 1)
                    """) ?? 0)
        }
    }
}
