import Foundation
package import Testing

extension Trait where Self == ConditionTrait {
    /// For tests that start containers by runc from a bundle of busybox.
    package static var runc: Self {
        .enabled(if: RuncBundle.isPossible, "needs Debian's runc and busybox-static")
    }
}

/// A folder from which runc starts containers that have busybox and nothing else, and a network of their own without a link.
package final class RuncBundle: Sendable {
    private static let busybox = "/bin/busybox"

    static var isPossible: Bool {
        let runc = ["/usr/sbin/runc", "/usr/bin/runc"].contains { FileManager.default.isExecutableFile(atPath: $0) }
        return runc && FileManager.default.isExecutableFile(atPath: busybox)
    }

    private let folder = FileManager.default.temporaryDirectory.appending(path: "weft-\(UUID().uuidString)")

    package init() throws {
        for name in ["bin", "dev", "proc"] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: "rootfs/\(name)"), withIntermediateDirectories: true)
        }
        try FileManager.default.copyItem(
            atPath: Self.busybox, toPath: folder.appending(path: "rootfs/bin/busybox").path)
        try Self.configuration.write(
            to: folder.appending(path: "config.json"), atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Starts a container and calls its namespace by its name, for as long as `machine` is there. Without cgroups, which
    /// not every machine lets a test have.
    package func start(_ name: String, on machine: Machine) throws {
        try machine.script(
            """
            cd \(folder.path)
            runc --root /run/runc run --detach --pid-file /run/\(name).pid \(name) </dev/null >/run/\(name).log 2>&1 ||
                { cat /run/\(name).log >&2; exit 1; }
            ip netns attach \(name) "$(cat /run/\(name).pid)"
            """)
    }

    package func stop(_ name: String, on machine: Machine) throws {
        try machine.script("runc --root /run/runc delete --force \(name); ip netns delete \(name)")
    }

    /// Pings by the container's own busybox, from within.
    package func ping(_ address: String, from name: String, on machine: Machine) throws -> Finished {
        try machine.run(
            "runc", "--root", "/run/runc", "exec", name, "/bin/busybox", "ping", "-c", "1", "-W", "5", address)
    }

    private static let configuration = """
        {
          "ociVersion": "1.0.2",
          "process": {
            "args": ["/bin/busybox", "sleep", "600"], "cwd": "/", "user": { "uid": 0, "gid": 0 },
            "capabilities": {
              "bounding": ["CAP_NET_RAW"], "effective": ["CAP_NET_RAW"], "permitted": ["CAP_NET_RAW"]
            }
          },
          "root": { "path": "rootfs", "readonly": true },
          "hostname": "busybox",
          "mounts": [
            { "destination": "/proc", "type": "proc", "source": "proc" },
            { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"] }
          ],
          "linux": {
            "namespaces": [
              { "type": "network" }, { "type": "pid" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" }
            ]
          }
        }
        """
}
