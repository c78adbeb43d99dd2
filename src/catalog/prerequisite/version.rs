//! Versions of Windows Server and of the .NET Framework, with the numbers by which a host tells its own.

use std::fmt;

use serde::{Serialize, Serializer};

/// A version of Windows Server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WindowsVersion {
    build: u32,
    name: &'static str,
}

/// Builds of the releases: <https://learn.microsoft.com/windows-server/get-started/windows-server-release-info> and, for those
/// before 2016, <https://learn.microsoft.com/windows/win32/sysinfo/operating-system-version>.
const WINDOWS: [WindowsVersion; 6] = [
    WindowsVersion { build: 9200, name: "2012" },
    WindowsVersion { build: 9600, name: "2012 R2" },
    WindowsVersion { build: 14393, name: "2016" },
    WindowsVersion { build: 17763, name: "2019" },
    WindowsVersion { build: 20348, name: "2022" },
    WindowsVersion { build: 26100, name: "2025" },
];

impl WindowsVersion {
    /// The version with this name: `2012 R2`.
    pub fn find(name: &str) -> Option<Self> {
        WINDOWS.into_iter().find(|version| version.name == name)
    }

    /// The names that [`WindowsVersion::find`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        WINDOWS.iter().map(|version| version.name)
    }

    /// The build number of its release.
    pub fn build(self) -> u32 {
        self.build
    }
}

impl Serialize for WindowsVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

impl fmt::Display for WindowsVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

/// A version of the .NET Framework.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DotnetVersion {
    release: u32,
    name: &'static str,
}

/// The least value of `Release` below `HKLM\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full` that means a version:
/// <https://learn.microsoft.com/dotnet/framework/install/how-to-determine-which-versions-are-installed>.
const DOTNET: [DotnetVersion; 11] = [
    DotnetVersion { release: 378_389, name: "4.5" },
    DotnetVersion { release: 378_675, name: "4.5.1" },
    DotnetVersion { release: 379_893, name: "4.5.2" },
    DotnetVersion { release: 393_295, name: "4.6" },
    DotnetVersion { release: 394_254, name: "4.6.1" },
    DotnetVersion { release: 394_802, name: "4.6.2" },
    DotnetVersion { release: 460_798, name: "4.7" },
    DotnetVersion { release: 461_308, name: "4.7.1" },
    DotnetVersion { release: 461_808, name: "4.7.2" },
    DotnetVersion { release: 528_040, name: "4.8" },
    DotnetVersion { release: 533_320, name: "4.8.1" },
];

impl DotnetVersion {
    /// The version with this name: `4.7.1`.
    pub fn find(name: &str) -> Option<Self> {
        DOTNET.into_iter().find(|version| version.name == name)
    }

    /// The names that [`DotnetVersion::find`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        DOTNET.iter().map(|version| version.name)
    }

    /// The least release number that means it.
    pub fn release(self) -> u32 {
        self.release
    }
}

impl Serialize for DotnetVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

impl fmt::Display for DotnetVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_stand_in_their_order() {
        assert!(WINDOWS.is_sorted() && DOTNET.is_sorted());
        let version = WindowsVersion::find("2012 R2").unwrap();
        assert_eq!(version.build(), 9600);
        assert_eq!(DotnetVersion::find("4.7.1").map(DotnetVersion::release), Some(461_308));
    }
}
