import Foundation
import NetnsHarness
import TestSupport
import Testing

/// The page, as a browser shows it.
struct HTMLReportTests {
    /// Presses keys as a reader would, and leaves what it found in an attribute.
    private static let reader = """
        <script>
        const found = {}, all = query => document.querySelectorAll(query), panel = document.getElementById('panel');
        const press = key => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
        found.cells = all('td[role=gridcell]').length;
        found.stops = all('td[role=gridcell][tabindex="0"]').length;
        found.wrong = all('td.wrong').length;
        found.boxes = all('svg rect.container').length;
        found.opened = all('details.kind[open]').length;
        all('td[role=gridcell]')[0].focus();
        press('ArrowDown');
        found.cell = document.activeElement.getAttribute('aria-label');
        press('Enter');
        found.isOpen = !panel.hidden;
        found.tellsCulprit = panel.textContent.includes('route B/172.17.8.0/24 is missing');
        press('Escape');
        found.isClosed = panel.hidden;
        found.isBack = document.activeElement.getAttribute('aria-label') === found.cell;
        const ground = () => getComputedStyle(document.body).backgroundColor, before = ground();
        document.getElementById('theme').click();
        found.changesTheme = ground() !== before;
        document.getElementById('failed-only').click();
        found.dimmed = all('td.dim').length;
        found.requests = performance.getEntriesByType('resource').length;
        document.documentElement.dataset.found = JSON.stringify(found);
        </script>
        """

    @Test(.enabled("this test needs the Debian package chromium") { FileManager.default.fileExists(atPath: chromium) })
    func `a browser shows every pair, keys open and close what was seen of one, and nothing is fetched`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "weft-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let page = folder.appending(path: "report.html")
        let text = HTMLReport([ReportFormatTests.sample]).text.replacing("</body>", with: "\(Self.reader)</body>")
        try Data(text.utf8).write(to: page)
        let finished = try run(
            [
                "timeout", "60", Self.chromium, "--headless=new", "--no-sandbox", "--disable-gpu",
                "--user-data-dir=\(folder.path)/profile", "--dump-dom", "file://\(page.path)",
            ], environment: ["HOME": folder.path])
        let dump = finished.output
        let match = try #require(
            dump.firstMatch(of: /data-found="([^"]*)"/), "\(finished.status) \(finished.errors.suffix(500))")
        let found = String(match.1).replacing("&quot;", with: "\"")
        #expect(found == Self.expected)
    }

    private static let expected =
        #"{"cells":9,"stops":1,"wrong":2,"boxes":3,"opened":3,"cell":"B1 to A1: not as expected","isOpen":true,"#
        + #""tellsCulprit":true,"isClosed":true,"isBack":true,"changesTheme":true,"dimmed":2,"requests":0}"#

    private static let chromium = "/usr/bin/chromium"
}
