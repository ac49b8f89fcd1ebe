import Domain

/// Composes a readable item from one row of `products.tsv`.
struct TitleComposer {
    let department, category, type, size, brandClass, manufacturer: String

    func item(_ id: ItemID, _ expander: ShorthandExpander) -> Item {
        let path = [department, category, type].map(expander.expand).filter { !$0.isEmpty }
        let package = PackageSize(size)
        var title = path.last ?? "Item \(id)"
        if !package.text.isEmpty { title += ", \(package.text)" }
        if !brandClass.isEmpty { title += " (\(brandClass) brand)" }
        var item = Item(id: id, title: title)
        for level in path where level != item.productType.last { item.productType.append(level) }
        if !brandClass.isEmpty { item.attributes["brand_class"] = [brandClass] }
        if !manufacturer.isEmpty { item.attributes["manufacturer"] = [manufacturer] }
        if !package.text.isEmpty { item.attributes["size"] = [package.text] }
        item.numbers["package_ounces"] = package.ounces
        item.numbers["pack_count"] = package.count
        item.sourceText = [department, category, type, size].filter { !$0.isEmpty }.joined(separator: " | ")
        item.isExcluded = ["FUEL", "COUPON"].contains(department) || category == "COUPON/MISC ITEMS"
        return item
    }
}
