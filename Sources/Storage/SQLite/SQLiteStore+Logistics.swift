public import Domain

extension SQLiteStore {
    public func setWarehouses(_ warehouses: [Warehouse]) throws(StorageError) {
        try write { connection throws(StorageError) in
            let statement = try connection.statement("INSERT OR REPLACE INTO warehouse VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            for warehouse in warehouses {
                statement.bind(1, warehouse.id)
                statement.bind(2, warehouse.name)
                statement.bind(3, warehouse.latitude)
                statement.bind(4, warehouse.longitude)
                statement.bind(5, Int64(warehouse.capacity))
                statement.bind(6, warehouse.isSynthetic ? 1 : 0 as Int64)
                try statement.run()
            }
        }
    }

    public func warehouses() throws(StorageError) -> [Warehouse] {
        try read { connection throws(StorageError) in
            let statement = try connection.statement(
                "SELECT id, name, latitude, longitude, capacity, synthetic FROM warehouse ORDER BY id")
            defer { statement.reset() }
            var warehouses: [Warehouse] = []
            while try statement.step() {
                warehouses.append(
                    Warehouse(
                        id: statement.text(0), name: statement.text(1), latitude: statement.optionalDouble(2),
                        longitude: statement.optionalDouble(3), capacity: Int(statement.integer(4)),
                        isSynthetic: statement.integer(5) != 0))
            }
            return warehouses
        }
    }

    public func setCarriers(_ carriers: [Carrier]) throws(StorageError) {
        try write { connection throws(StorageError) in
            let statement = try connection.statement("INSERT OR REPLACE INTO carrier VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            for carrier in carriers {
                statement.bind(1, carrier.id)
                statement.bind(2, carrier.name)
                statement.bind(3, Int64(carrier.parcelsPerDay))
                statement.bind(4, Int64(carrier.transitDays.lowerBound))
                statement.bind(5, Int64(carrier.transitDays.upperBound))
                statement.bind(6, carrier.isSynthetic ? 1 : 0 as Int64)
                try statement.run()
            }
        }
    }

    public func carriers() throws(StorageError) -> [Carrier] {
        try read { connection throws(StorageError) in
            let statement = try connection.statement(
                "SELECT id, name, parcels_per_day, fastest_days, slowest_days, synthetic FROM carrier ORDER BY id")
            defer { statement.reset() }
            var carriers: [Carrier] = []
            while try statement.step() {
                let (fastest, slowest) = (Int(statement.integer(3)), Int(statement.integer(4)))
                guard fastest <= slowest else {
                    throw StorageError(.corrupt, "\(path): a carrier is slower than it is fast. Restore a backup.")
                }
                carriers.append(
                    Carrier(
                        id: statement.text(0), name: statement.text(1), parcelsPerDay: Int(statement.integer(2)),
                        transitDays: fastest...slowest, isSynthetic: statement.integer(5) != 0))
            }
            return carriers
        }
    }
}
