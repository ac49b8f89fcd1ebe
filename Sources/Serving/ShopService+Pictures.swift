public import Domain
public import Pictures
import Storage

extension ShopService {
    /// What an item looks like; throws `unknownItem`, and `notFound` for one without a picture.
    public func picture(of id: ItemID) throws -> GreyPicture {
        guard let number = try store.numbers(of: [id])[id] else { throw unknown() }
        guard let table = pictures, let place = table.place(of: number) else {
            throw ServingError(.notFound, "The item has no picture.")
        }
        return GreyPicture(width: table.width, height: table.height, pixels: table.pixels(at: place))
    }
}
