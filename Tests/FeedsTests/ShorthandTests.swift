import Domain
import Foundation
import Testing

@testable import Feeds

@Suite struct ShorthandTests {
    @Test(arguments: [
        ("FRZN SS PREMIUM ENTREES/DNRS/N", "Frozen Single Serve Premium Entrees/Dinners"),
        ("SFT DRNK SNGL SRV BTL CARB", "Soft Drink Single Serve Bottle Carbonated"),
        ("BAKED BREAD/BUNS/ROLLS", "Baked Bread/Buns/Rolls"),
        ("", ""),
        ("/ & (", ""),
        ("SOUP (CANNED", "Soup"),
        ("2% MILK", "2% Milk"),
        ("MEAT-PCKGD", "Meat Packaged"),
    ])
    func `shorthand becomes words`(source: String, words: String) {
        #expect(ShorthandExpander().expand(source) == words)
    }

    @Test(arguments: [
        ("DRUG GM", "Drug & General Merchandise"),
        ("PEYTON/GM EXPENSE ITEMS", "Peyton/General Merchandise Expense Items"),
        ("WHOLE - TOM (16 LBS & OVER FRZ", "Whole Tom"),
        ("MENS SS SPT SHIRT", "Mens Short Sleeve Sport Shirt"),
        ("SOLID/STK DEODORANTS", "Solid/Stick Deodorants"),
        ("LOIN - STK/CHP/SLC", "Loin Steak/Chop/Slice"),
    ])
    func `phrases come before words`(source: String, words: String) {
        #expect(ShorthandExpander().expand(source) == words)
    }

    @Test(arguments: [
        ("SUNTAN PRODUCTS W/O SPF", "Suntan Products without SPF"),
        ("BULK CANDY W/FLOUR", "Bulk Candy with Flour"),
        ("N-PRESC HEARING AID BATTERIES", "Non-Prescription Hearing Aid Batteries"),
        ("WET N WILD", "Wet and Wild"),
        ("WOMEN S GENERAL-MAGAZINE", "Women's General Magazine"),
        ("AGE RESTRICTED DVD S", "Age Restricted DVDs"),
        ("FEM. HYGN.NAPKINS", "Feminine Hygiene Napkins"),
        ("SPHE 9.99", "Sony Pictures 9.99"),
        ("POPULAR 1.5LT WINES", "Popular 1.5 L Wines"),
        ("SEAFOOD-FRZ-IQF RAW SHRIMP RW", "Seafood Frozen Raw Shrimp"),
        ("TOMATOES HOTHOUSE ON THE VINE", "Tomatoes Hothouse on the Vine"),
        ("ARRANGEMENTS (NON-ROSE)", "Arrangements (Non-Rose)"),
    ])
    func `marks, units and small words are read by rules`(source: String, words: String) {
        #expect(ShorthandExpander().expand(source) == words)
    }

    @Test(arguments: [
        ("SOFT DRINKS 12/18&15PK CAN CAR", "Soft Drinks 12/18 & 15 Pack Can Carbonated"),
        ("DAIRY CASE TEA WITH SUGAR OR S", "Dairy Case Tea with Sugar"),
        ("DAIRY CASE 100% PURE JUICE - O", "Dairy Case 100% Pure Juice"),
        ("MAINSTREAM WHEAT/MULTIGRAIN BR", "Mainstream Wheat/Multigrain Bread"),
        ("SEASONAL CANDY BOX-CHOCOLATE W", "Seasonal Candy Box Chocolate"),
    ])
    func `what is cut off is completed or left out`(source: String, words: String) {
        #expect(ShorthandExpander().expand(source) == words)
    }

    @Test(arguments: [
        ("12 OZ", "12 oz", 12.0, nil as Double?),
        ("P    12 OZS", "12 oz", 12, nil),
        ("AB 8 OZ", "8 oz", 8, nil),
        ("10 3/4 OZ", "10 3/4 oz", 10.75, nil),
        ("1/2 GAL", "1/2 gal", 64, nil),
        ("HLF GAL", "half gal", 64, nil),
        ("6/12 OZ", "6/12 oz", 12, 6),
        ("12 PK/16.9 Z", "12 pk/16.9 oz", 16.9, 12),
        ("528083 5 PK", "5 pk", nil, 5),
        ("1 DZN", "1 dozen", nil, 12),
        ("2 INX110 YD", "2 in x 110 yd", nil, nil),
        ("9 X13 IN", "9 x 13 in", nil, nil),
        ("32 FL OZ", "32 fl oz", 32, nil),
        ("2 L*", "2 L", 67.628, nil),
        ("7-3/4 OZ", "7-3/4 oz", nil, nil),
        ("SZ1 2 PK", "size 1 2 pk", nil, 2),
        ("GAL", "gal", 128, nil),
        ("", "", nil, nil),
        ("/", "/", nil, nil),
    ])
    func `sizes are spelt one way and measured`(source: String, text: String, ounces: Double?, count: Double?) {
        let size = PackageSize(source)
        #expect(size.text == text)
        #expect(size.ounces == ounces)
        #expect(size.count == count)
    }

    @Test func `every word of the tables is in the documentation`() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../docs/formats/completejourney.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let tables = [ShorthandExpander.shorthand, ShorthandExpander.phrases, ShorthandExpander.endings]
        for line in tables.flatMap({ $0.split(separator: "\n") }) {
            let parts = line.split(separator: "=", omittingEmptySubsequences: false)
            let meaning = parts[1].isEmpty ? "(left out)" : parts[1]
            #expect(text.contains("| `\(parts[0])` | \(meaning) |"))
        }
        for (word, meaning) in PackageSize.units {
            #expect(text.contains("| `\(word)` | \(meaning.isEmpty ? "(left out)" : meaning) |"))
        }
    }
}
