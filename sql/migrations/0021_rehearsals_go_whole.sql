-- Up Migration

-- A rehearsal's theme goes with it. While it stayed it kept the sale, and with the sale every rehearsal that ended later.
DROP TRIGGER theme_changes_append_only ON theme_changes;
CREATE TRIGGER theme_changes_append_only BEFORE UPDATE OR DELETE ON theme_changes
  FOR EACH ROW EXECUTE FUNCTION refuse_change_but_rehearsals();

-- Down Migration

DROP TRIGGER theme_changes_append_only ON theme_changes;
CREATE TRIGGER theme_changes_append_only BEFORE UPDATE OR DELETE ON theme_changes
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
