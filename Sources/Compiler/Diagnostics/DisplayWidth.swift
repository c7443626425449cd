/// The columns a terminal gives a character, so that a caret stands below what it points at.
func displayWidth(_ scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return 1 }
    return switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: 0
    default: isWide(scalar.value) ? 2 : 1
    }
}

/// The blocks that Unicode's East Asian Width (UAX 11) calls wide or full-width.
private func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xa000...0xa4cf,
        0xa960...0xa97f, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6,
        0x1f300...0x1f64f, 0x1f900...0x1f9ff, 0x20000...0x3fffd:
        true
    default: false
    }
}
