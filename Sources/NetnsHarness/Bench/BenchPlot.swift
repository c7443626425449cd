import Compiler

/// A bench as a picture: for each metric a panel of bars, as long as the ratio to plain routing.
///
/// An SVG of its own that needs no font, script or style from elsewhere. It brings its ground along, light or dark as the
/// reader has it, since it may be shown where nothing can be known about the page around it.
package struct BenchPlot {
    private let report: BenchReport
    private let measured: [BenchReport.Row]

    package init(_ report: BenchReport) {
        self.report = report
        measured = report.rows.filter { $0.figures != nil }
    }

    private static let width = 900
    private static let margin = 24
    private static let headHeight = 64
    private static let rowHeight = 22
    /// A panel's title above its bars.
    private static let titleHeight = 46
    private static let footLine = 18

    private var panelHeight: Int { Self.titleHeight + measured.count * Self.rowHeight + 24 }
    private var footY: Int { Self.headHeight + 2 * panelHeight + 8 }
    private var height: Int { footY + foot.count * Self.footLine + 8 }

    package var svg: String {
        let panels = BenchMetric.allCases.enumerated().map { index, metric in
            let x = index % 2 == 0 ? Self.margin : Self.width / 2 + Self.margin / 2
            let y = Self.headHeight + index / 2 * panelHeight
            return "<g transform=\"translate(\(x) \(y))\">\n\(panel(metric))</g>\n"
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.width)" height="\(height)" \
            viewBox="0 0 \(Self.width) \(height)" role="img" aria-labelledby="title">
            <title id="title">\(Self.title)</title>
            \(Self.style)<rect class="ground" width="\(Self.width)" height="\(height)" rx="8"/>
            <text class="head" x="\(Self.margin)" y="36">\(Self.title)</text>
            \(panels.joined())\(footText)</svg>

            """
    }

    private static let title = "Container network models on one machine, as ratios to plain routing (calico = 1)"

    private static let style = """
        <style>
        svg { color-scheme: light dark; font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; }
        .ground { fill: #ffffff; } text { fill: #1f2328; } .muted { fill: #59636e; } .one { stroke: #8b949e; }
        .head { font-size: 17px; font-weight: 600; } .title { font-size: 14px; font-weight: 600; }
        .small { font-size: 12px; } .name { text-anchor: end; } .value { font-weight: 600; }
        .figures { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round; }
        .tear { stroke: #ffffff; stroke-width: 3px; }
        .hosts { fill: #848d97; } .none { fill: #2f6fb3; } .vxlan { fill: #c7761c; } .ipip { fill: #4d8f3a; }
        .udp { fill: #b8423f; } .isolated { fill: #7a5bb0; }
        @media (prefers-color-scheme: dark) {
        .ground { fill: #0d1117; } text { fill: #e6edf3; } .muted { fill: #9198a1; }
        .figures, .tear { stroke: #0d1117; }
        .none { fill: #5b9be0; } .vxlan { fill: #e09a45; } .ipip { fill: #7bbd66; } .udp { fill: #e5716d; }
        .isolated { fill: #ab8fe0; }
        }
        </style>

        """

    private var footText: String {
        foot.enumerated().map { index, line in
            "<text class=\"small muted\" x=\"\(Self.margin)\" y=\"\(footY + index * Self.footLine + 12)\">"
                + "\(escaped(line))</text>\n"
        }.joined()
    }

    private var foot: [String] {
        let missing = report.rows.compactMap { row -> String? in
            guard case .unavailable(let reason) = row.result else { return nil }
            return "\(row.subject.name) is not measured: \(reason)."
        }
        let bench = "Medians of \(report.bench.rounds) rounds; veth offloads on. \(report.machine)."
        return missing + [bench]
    }
}

extension BenchPlot {
    private static let nameWidth = 104
    private static let barStart = nameWidth + 8
    /// Of the longest bar; figures stand behind it.
    private static let barWidth = 190.0

    /// Longer bars are torn off: one that is twenty times as long would leave nothing to see of the others.
    private static let longest = 4.0

    private func panel(_ metric: BenchMetric) -> String {
        let ratios = measured.map { report.ratio(of: $0.subject, metric) ?? 0 }
        let scale = Self.barWidth / min(max(ratios.max() ?? 1, 1), Self.longest)
        let one = Figure.fixed(Double(Self.barStart) + scale, 1)
        let bottom = Self.titleHeight + measured.count * Self.rowHeight
        let heights = measured.indices.map { Self.titleHeight + $0 * Self.rowHeight }
        let bars = measured.indices.map { bar(measured[$0], ratios[$0], scale: scale, y: heights[$0]) }
        let texts = measured.indices.map {
            figures(of: measured[$0], metric, ratios[$0], scale: scale, y: heights[$0])
        }
        let hint = "\(metric.unit); \(metric.isBetterHigh ? "longer" : "shorter") is better"
        return """
            <text class="title" y="16">\(metric.title)</text>
            <text class="small muted" y="34">\(hint)</text>
            \(bars.joined())<line class="one" x1="\(one)" y1="\(Self.titleHeight - 4)" x2="\(one)" y2="\(bottom)" \
            stroke-dasharray="3 3"/>
            \(texts.joined())
            """
    }

    private func bar(_ row: BenchReport.Row, _ ratio: Double, scale: Double, y: Int) -> String {
        let length = Figure.fixed(max(min(ratio, Self.longest) * scale, 1), 1)
        let tear = Self.barStart + Int(Self.barWidth) - 16
        return """
            <text class="name" x="\(Self.nameWidth)" y="\(y + 13)">\(escaped(row.subject.name))</text>
            <rect class="\(row.subject.colour)" x="\(Self.barStart)" y="\(y + 1)" width="\(length)" height="16" rx="2"/>

            """ + (ratio > Self.longest ? "<path class=\"tear\" d=\"M\(tear) \(y + 19)l6 -20\"/>\n" : "")
    }

    /// Behind the bar, and before the line at 1.
    private func figures(
        of row: BenchReport.Row, _ metric: BenchMetric, _ ratio: Double, scale: Double, y: Int
    ) -> String {
        let median = Figure.significant(row.figures?[metric].median ?? 0)
        let x = Figure.fixed(Double(Self.barStart) + min(ratio, Self.longest) * scale + 6, 1)
        return """
            <text class="figures" x="\(x)" y="\(y + 13)"><tspan class="value">\(Figure.fixed(ratio, 2))</tspan>\
            <tspan class="small muted" dx="6">\(median)</tspan></text>

            """
    }

    private func escaped(_ text: String) -> String {
        text.map { ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"][$0] ?? String($0) }.joined()
    }
}

extension BenchSubject {
    /// Models that carry packets the same way look the same.
    fileprivate var colour: String {
        switch self {
        case .hosts: "hosts"
        case .profile(let profile): profile.model.encapsulation.rawValue
        }
    }
}
