/// Numbers as people read them.
enum Figure {
    /// With three digits that say something: `13.4`, `0.712`, `85.0`, `1240`.
    static func significant(_ value: Double) -> String {
        switch abs(value) {
        case 100...: fixed(value, 0)
        case 10...: fixed(value, 1)
        case 1...: fixed(value, 2)
        default: fixed(value, 3)
        }
    }

    /// Rounded to so many digits after the point.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        let scale = (0..<digits).reduce(1) { number, _ in number * 10 }
        guard let scaled = Int(exactly: (value * Double(scale)).rounded()) else { return "?" }
        let whole = "\(scaled < 0 ? "-" : "")\(abs(scaled) / scale)"
        guard digits > 0 else { return whole }
        let fraction = String(abs(scaled) % scale)
        return whole + "." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    /// `±3%`
    static func spread(_ part: Double) -> String { "±\(fixed(part * 100, 0))%" }
}
