//! A manifest as text.

use serde::ser::{Serialize, SerializeMap as _, Serializer};

use super::{AcceptedRecord, FileRecord, LossRecord, Manifest, RangeSource, StandIn, TargetRecord};
use crate::finding::{Code, Finding, Findings};
use crate::target::json::SetView;

/// Name and version of the form. A change that an older reader would misread takes the next number.
pub(super) const FORMAT: &str = "portbook-manifest/1";

impl Manifest {
    /// The canonical text: two spaces of indent, one prefix a line.
    ///
    /// # Errors
    /// `cannot-write`, which no manifest brings about: all its keys are texts.
    pub fn to_text(&self) -> Result<String, Findings> {
        let mut text = serde_json::to_string_pretty(self).map_err(|error| {
            Finding::new(Code::CannotWrite, "the manifest cannot be written as JSON").note(error.to_string())
        })?;
        text.push('\n');
        Ok(text)
    }
}

impl Serialize for Manifest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("format", FORMAT)?;
        map.serialize_entry("site", self.site.as_str())?;
        map.serialize_entry("selected", &self.selected)?;
        map.serialize_entry("accepted", &self.accepted)?;
        map.serialize_entry("range-files", &self.range_files)?;
        map.serialize_entry("look", &self.look)?;
        map.serialize_entry("targets", &self.targets)?;
        map.serialize_entry("rules", &self.rules)?;
        map.serialize_entry("stand-ins", &self.stand_ins)?;
        map.end()
    }
}

impl Serialize for AcceptedRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("loss", &self.loss)?;
        map.serialize_entry("because", &self.because)?;
        if let Some(until) = &self.until {
            map.serialize_entry("until", until)?;
        }
        map.end()
    }
}

impl Serialize for RangeSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("file", &self.label)?;
        map.serialize_entry("sha256", &self.sha256)?;
        map.end()
    }
}

impl Serialize for StandIn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("rules", &self.rules)?;
        map.serialize_entry("set", &SetView(&self.set))?;
        map.end()
    }
}

impl Serialize for TargetRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let refused: Vec<&str> = self.refused.iter().map(|code| code.spec().id).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("target", &self.target)?;
        map.serialize_entry("hosts", &self.hosts)?;
        if let Some(crossing) = &self.crossing {
            map.serialize_entry("crossing", crossing)?;
        }
        if !self.settings.is_empty() {
            map.serialize_entry("settings", &self.settings)?;
        }
        map.serialize_entry("counts", &self.counts)?;
        map.serialize_entry("rules", &self.rules)?;
        map.serialize_entry("refused", &refused)?;
        map.serialize_entry("losses", &self.losses)?;
        map.serialize_entry("files", &self.files)?;
        if let Some(objects) = &self.objects {
            map.serialize_entry("objects", objects)?;
        }
        map.end()
    }
}

impl Serialize for LossRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(5))?;
        map.serialize_entry("code", self.code.spec().id)?;
        map.serialize_entry("axis", &self.axis)?;
        map.serialize_entry("effect", &self.effect)?;
        map.serialize_entry("detail", &self.detail)?;
        map.serialize_entry("rules", &self.rules)?;
        map.end()
    }
}

impl Serialize for FileRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("path", &self.path)?;
        map.serialize_entry("sha256", &self.sha256)?;
        map.end()
    }
}
