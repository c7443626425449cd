extension Duration {
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }

    /// To three digits or so, in the unit that fits: `312 ms`, `1.25 s`, `2 s`.
    var text: String {
        let milliseconds = milliseconds
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        let (seconds, hundredths) = (milliseconds / 1000, milliseconds % 1000 / 10)
        if hundredths == 0 { return "\(seconds) s" }
        let digits = hundredths < 10 ? "0\(hundredths)" : hundredths % 10 == 0 ? "\(hundredths / 10)" : "\(hundredths)"
        return "\(seconds).\(digits) s"
    }
}
