import Foundation

/// A benchmark as a picture: a panel for each phase, with a line for each contestant, both axes by powers of ten.
package struct Plot {
    private struct Scale {
        let from: Double
        let to: Double
        let start: Double
        let end: Double

        func place(_ value: Double) -> Double {
            to == from ? (start + end) / 2 : start + (logarithm(value) - from) / (to - from) * (end - start)
        }
    }

    private let outcome: Outcome

    package init(_ outcome: Outcome) { self.outcome = outcome }

    private static let (panelWidth, panelHeight, margin, top) = (300, 240, 56, 78)
    private static let colours = ["#8a94a3", "#2f6db3", "#c7761c", "#3b7a4b", "#a13c6f", "#6e4aa5", "#94671a"]

    private var contestants: [String] {
        outcome.benchmark.contestants.map(\.name).filter { name in
            outcome.benchmark.phases.contains { !points($0.name, name).isEmpty }
        }
    }

    private func points(_ phase: String, _ contestant: String) -> [(size: Int, seconds: Double)] {
        outcome.sizes.sorted().compactMap { size in
            outcome.seconds(phase, at: size, of: contestant).map { (size, $0.median) }
        }
    }

    package var svg: String {
        let phases = outcome.benchmark.phases
        let columns = min(3, max(1, phases.count))
        let rows = (phases.count + columns - 1) / columns
        let (width, height) = (columns * Self.panelWidth + 24, Self.top + rows * Self.panelHeight + 12)
        let panels = phases.enumerated().map { place, phase in
            let (x, y) = (place % columns * Self.panelWidth, Self.top + place / columns * Self.panelHeight)
            return "<g transform=\"translate(\(x) \(y))\">\n\(panel(phase))</g>\n"
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" role="img">
            <title>\(outcome.benchmark.heading.xml)</title>
            <style>
            text { font: 11px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #1b2430; }
            .head { font-size: 15px; font-weight: 600; } .name { font-weight: 600; } .ground { fill: #ffffff; }
            .grid { stroke: #d5dbe3; } polyline { fill: none; stroke-width: 2; }
            @media (prefers-color-scheme: dark) { text { fill: #e6ebf2; } .ground { fill: #14181e; } .grid { stroke: #333c48; } }
            </style>
            <rect class="ground" width="\(width)" height="\(height)"/>
            <text class="head" x="16" y="26">\(outcome.benchmark.heading.xml)</text>
            \(key)\(panels.joined())</svg>

            """
    }

    private var key: String {
        var x = 16
        return contestants.enumerated().map { place, name in
            let start = x
            x += 24 + name.count * 7 + 18
            return """
                <rect x="\(start)" y="40" width="14" height="4" fill="\(Self.colour(place))"/>\
                <text x="\(start + 20)" y="46">\(name.xml)</text>

                """
        }.joined()
    }

    private func panel(_ phase: Phase) -> String {
        let lines = contestants.map { points(phase.name, $0) }
        let all = lines.flatMap { $0 }
        let title = "<text class=\"name\" x=\"\(Self.margin)\" y=\"0\">\(phase.heading.xml)</text>\n"
        guard let widest = all.map(\.size).max(), let narrowest = all.map(\.size).min(),
            let least = all.map(\.seconds).min(), let most = all.map(\.seconds).max()
        else { return title }
        let across = Scale(
            from: logarithm(Double(narrowest)), to: logarithm(Double(widest)), start: Double(Self.margin),
            end: Double(Self.panelWidth - 24))
        let powers =
            Int(log10(least).rounded(.down))...max(Int(log10(least).rounded(.down)) + 1, Int(log10(most).rounded(.up)))
        let down = Scale(
            from: logarithm(pow(10, Double(powers.lowerBound))), to: logarithm(pow(10, Double(powers.upperBound))),
            start: Double(Self.panelHeight - 50), end: 14)
        return title + powers.map { gridLine($0, down) }.joined() + sizeMarks(across)
            + lines.enumerated().map { line($1, Self.colour($0), across, down) }.joined()
    }

    private func gridLine(_ power: Int, _ down: Scale) -> String {
        let (value, right) = (pow(10, Double(power)), Self.panelWidth - 24)
        let y = Int(down.place(value).rounded())
        let label =
            power >= 0
            ? "\(counted(Int(value))) s"
            : power >= -3 ? "\(Int((value * 1e3).rounded())) ms" : "\(short(value * 1e6)) µs"
        return """
            <line class="grid" x1="\(Self.margin)" y1="\(y)" x2="\(right)" y2="\(y)"/>\
            <text x="\(Self.margin - 6)" y="\(y + 4)" text-anchor="end">\(label)</text>

            """
    }

    private func sizeMarks(_ across: Scale) -> String {
        outcome.sizes.map { size in
            "<text x=\"\(Int(across.place(Double(size)).rounded()))\" y=\"\(Self.panelHeight - 30)\" text-anchor=\"middle\">"
                + "\(counted(size))</text>\n"
        }.joined()
    }

    private func line(
        _ points: [(size: Int, seconds: Double)], _ colour: String, _ across: Scale, _ down: Scale
    ) -> String {
        let places = points.map {
            (Int(across.place(Double($0.size)).rounded()), Int(down.place($0.seconds).rounded()))
        }
        let dots = places.map { "<circle cx=\"\($0)\" cy=\"\($1)\" r=\"3\" fill=\"\(colour)\"/>" }.joined()
        let path = places.map { "\($0),\($1)" }.joined(separator: " ")
        return "<polyline points=\"\(path)\" stroke=\"\(colour)\"/>\(dots)\n"
    }

    private static func colour(_ place: Int) -> String { colours[place % colours.count] }
}

extension String {
    var xml: String {
        reduce(into: "") { text, letter in
            switch letter {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.append(letter)
            }
        }
    }
}
