/// A currency of ISO 4217 with the number of decimals of its minor unit.
public struct Currency: Hashable, Sendable, CustomStringConvertible {
    public let code: String
    public let decimals: Int

    /// Returns `nil` for a code that is not in the list of active currencies.
    public init?(_ code: String) {
        let code = code.uppercased()
        guard let decimals = Self.decimals[code] else { return nil }
        (self.code, self.decimals) = (code, decimals)
    }

    private init(code: String, decimals: Int) { (self.code, self.decimals) = (code, decimals) }

    public static let usd = Currency(code: "USD", decimals: 2)
    public static let eur = Currency(code: "EUR", decimals: 2)

    public var description: String { code }

    /// Active currencies of ISO 4217:2015 (amendment 176); those not named below have two decimals.
    private static let decimals: [String: Int] = {
        let twoDecimals = """
            AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY \
            COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS \
            INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR \
            MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD \
            SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWL
            """
        var table = Dictionary(uniqueKeysWithValues: twoDecimals.split(separator: " ").map { (String($0), 2) })
        for code in [
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF",
            "XPF",
        ] {
            table[code] = 0
        }
        for code in ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"] { table[code] = 3 }
        return table
    }()
}

/// An exact amount: integer minor units of a currency.
public struct Money: Hashable, Sendable, CustomStringConvertible {
    public let minorUnits: Int64
    public let currency: Currency

    public init(minorUnits: Int64, currency: Currency) { (self.minorUnits, self.currency) = (minorUnits, currency) }

    /// Reads a decimal number such as `12.5`, `12`, or Google Merchant Center's `12.50 USD`.
    ///
    /// Returns `nil` for anything else, for more decimals than the currency has unless they are zero, and for amounts
    /// of 10^15 minor units or more. Reads the sign, so that a caller can say that a price is negative.
    public init?(decimal text: String, currency fallback: Currency?) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: true)
        guard let number = parts.first, parts.count <= 2 else { return nil }
        guard let currency = parts.count == 2 ? Currency(String(parts[1])) : fallback,
            let minorUnits = Self.minorUnits(String(number), decimals: currency.decimals)
        else { return nil }
        self.init(minorUnits: minorUnits, currency: currency)
    }

    /// `12.50 USD`, without grouping.
    public var description: String { "\(decimalText) \(currency.code)" }

    /// `12.50`: the amount with the currency's decimals.
    public var decimalText: String {
        let digits = String(minorUnits.magnitude)
        let sign = minorUnits < 0 ? "-" : ""
        guard currency.decimals > 0 else { return sign + digits }
        let filled = String(repeating: "0", count: max(0, currency.decimals + 1 - digits.count)) + digits
        return sign + filled.dropLast(currency.decimals) + "." + filled.suffix(currency.decimals)
    }

    private static func minorUnits(_ text: String, decimals: Int) -> Int64? {
        var digits = text[...]
        let isNegative = digits.first == "-"
        if isNegative { digits = digits.dropFirst() }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, !(whole.isEmpty && parts.count == 1) else { return nil }
        var fraction = parts.count == 2 ? String(parts[1]) : ""
        guard parts.count == 1 || !(fraction.isEmpty && whole.isEmpty) else { return nil }
        while fraction.utf8.count > decimals {
            guard fraction.last == "0" else { return nil }
            fraction.removeLast()
        }
        fraction += String(repeating: "0", count: decimals - fraction.utf8.count)
        let all = whole + fraction
        guard all.utf8.count <= 15, all.utf8.allSatisfy({ (48...57).contains($0) }),
            let value = Int64(all.isEmpty ? "0" : all)
        else { return nil }
        return isNegative ? -value : value
    }
}
