extension PackageSize {
    /// Words of sizes and how they are written; other words are only written small.
    static let units = [
        "*": "", "AERO": "aerosol", "AEROS": "aerosol", "ASST": "assorted", "ASSTD": "assorted", "AST": "assorted",
        "AVGWT": "average weight", "BG": "bag", "BLK": "black", "BT": "bottle", "BTL": "bottle", "BTLS": "bottles",
        "BU": "bushel", "CANTR": "canister", "CB": "cube", "CP": "cups", "CTN": "carton", "DIOPT": "diopters",
        "DOZ": "dozen", "DSGN": "designs", "DZ": "dozen", "DZN": "dozen", "FTX": "ft x", "GA": "gal", "GALASS": "glass",
        "GALON": "gal", "GM": "g", "GR": "g", "HLF": "half", "HVY": "heavy", "INX": "in x", "L": "L", "LBS": "lb",
        "LD": "loads", "LDS": "loads", "LG": "large", "LN": "long neck", "LNNR": "long neck", "LOAD": "loads",
        "LRG": "large", "LRT": "L", "LT": "L", "LTTR": "letter", "MD": "medium", "MED": "medium", "ML": "ml",
        "MLL": "ml", "NR": "no return", "OZASST": "oz assorted", "OZS": "oz", "P": "pk", "PCH": "pouch", "PCK": "pk",
        "PCS": "pc",
        "PKG": "pk", "PKGS": "pk", "PKS": "pk", "PLA": "plate", "PLST": "plastic", "PRNG": "prong",
        "REDGRN": "red and green", "REFIL": "refill", "REQST": "", "RW": "", "SFT": "soft", "SINGAL": "single",
        "SINGALE": "single", "SM": "small", "SML": "small", "SNGAL": "single", "SNGALS": "singles", "SPD": "speed",
        "STYL": "styles", "SZ": "size", "TWN": "twin", "X": "x", "XL": "extra large", "XLG": "extra large",
        "XLRG": "extra large", "YD": "yd", "Z": "oz",
    ]
}
