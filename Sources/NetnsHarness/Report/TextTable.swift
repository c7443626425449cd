/// Rows of cells in columns as wide as their widest cell.
struct TextTable {
    private var rows: [[String]] = []

    mutating func append(_ row: [String]) {
        rows.append(row)
    }

    /// A line a row, two spaces between columns, none at the end.
    var text: String {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
