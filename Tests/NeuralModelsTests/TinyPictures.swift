import Pictures
import TestSupport

/// Pictures in two classes that a small network tells apart at once: bright above or bright below.
enum TinyPictures {
    static func make(_ count: Int, seed: UInt64, side: Int = 8) -> PictureSet {
        let (pixels, labels) = FashionFiles.pictures(count, seed: seed, side: side)
        return PictureSet(height: side, width: side, pixels: pixels, labels: labels, classes: ["above", "below"])
    }
}
